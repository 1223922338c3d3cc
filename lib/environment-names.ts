/** Apart from what the environments hold, so that who needs the names alone does not load the CDK. */
export const ENVIRONMENT_NAMES = ['local', 'dev', 'stage', 'prod'] as const;
export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];
