#!/bin/sh
# within.sh COMMAND...: in ten seconds of a processor's time and 2 GiB of
# addresses; more is a failure of the command.
ulimit -t 10 -v 2097152
exec "$@"
