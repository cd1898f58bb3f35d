// errors.mjs: what a user can mend, in a line without a stack trace.

export class UsageError extends Error {}

export function fail(message) {
  console.error(`error: ${message}`);
  process.exit(2);
}
