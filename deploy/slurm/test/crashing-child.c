/* Linked into the plugin with --wrap=optin_read: the child that reads the opt-in file crashes. */
#include <signal.h>

#include "../optin.h"

bool __wrap_optin_read(const char *folder, struct optin *optin);

bool __wrap_optin_read(const char *folder, struct optin *optin)
{
  (void)folder;
  (void)optin;
  raise(SIGSEGV);
  return true;
}
