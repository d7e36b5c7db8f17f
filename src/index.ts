/** Public API of the package: the app, for use in another process or behind another server. */
export { createApp, type AppDependencies } from './app';
export { parseConfig, type Config, type Environment } from './config/config';
export { ConfigError, type ConfigIssue } from './config/configError';
export { createRepository, type Repository, type RepositoryOptions } from './dynamodb/repository';
