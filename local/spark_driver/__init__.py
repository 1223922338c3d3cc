"""The process that the local EMR Serverless runs its jobs in; it knows Spark and S3, and nothing of the emulator."""
