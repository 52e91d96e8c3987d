export type { Tls } from './pools/tls.ts';
export {
  type DatabaseHandlerOptions,
  type DatabaseKind,
  DatabaseRotationHandler,
  type Session,
} from './rotation/database-handler.ts';
export { generatePassword, type PasswordRules } from './rotation/password.ts';
export {
  RotationError,
  type RotationEvent,
  RotationHandler,
  type RotationHandlerOptions,
  type RotationLog,
  type RotationVersions,
} from './rotation/rotation-handler.ts';
