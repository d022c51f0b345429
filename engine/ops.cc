// vaelab's own ops. Each header of the same name documents one op; compiling them together takes a third of the time.
#include "adam.h"
#include "bernoulli.h"
#include "rows.h"
#include "softplus.h"
#include "squares.h"
