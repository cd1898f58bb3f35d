#include "other.h"
#include "tiny.h"

int main(void) { return tiny_run() + other_run(); }
