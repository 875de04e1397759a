/* Whether this process's user has opted in, asked in a child with a deadline. */
#ifndef JOBLOG_ACCOUNT_H
#define JOBLOG_ACCOUNT_H

#include "../optin.h"

/* home: where to look, NULL for the home that the password database names. */
void account_ask(const char *home, struct optin *optin);

#endif
