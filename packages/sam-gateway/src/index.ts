export { buildFunction, type Built } from './lambda/build';
export { Environment } from './lambda/environment';
export { lambdaFunctions, type LambdaFunction } from './lambda/lambdaFunction';
export { openGateway } from './open';
export { explain, runCommand } from './command';
export { parseArguments } from './arguments';
