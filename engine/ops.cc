// Ops of vaelab's own, each in the header of its name with what it computes: together they are compiled in a third of
// the time.
#include "adam.h"
#include "bernoulli.h"
#include "rows.h"
#include "softplus.h"
#include "squares.h"
