// The built-in check of templates takes seconds to load; `cdk synth` runs it.
process.env.CDK_VALIDATION = 'false';
