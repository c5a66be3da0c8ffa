/* What a helper may not do, whatever a document makes its libraries do: no network, no other
 * program, no writing or removing of files, bounded memory.
 *
 *     lj_sandbox_enter();            once, at the start; there is no way back
 */
#ifndef LEGAJO_EXTRACT_SANDBOX_H
#define LEGAJO_EXTRACT_SANDBOX_H

/* Sets resource limits, a seccomp filter and a Landlock ruleset. What the kernel or the build has
 * not is left out: the limits always hold. */
void lj_sandbox_enter(void);

/* Tries what is forbidden and writes a line each to standard output, "network refused" or "network
 * possible". Returns the number of things that were possible. For tests and for the curious. */
int lj_sandbox_check(void);

#endif
