// errors.mjs: what a user can mend, in a line without a stack trace.

export class UsageError extends Error {}

export function fail(message) {
  console.error(`error: ${message}`);
  process.exit(2);
}

// Runs the program; a UsageError ends it with its line, others with a trace.
export async function run(main) {
  try {
    await main();
  } catch (error) {
    if (error instanceof UsageError) fail(error.message);
    throw error;
  }
}
