/* cmocka needs these four before it, in this order. */
#ifndef LEGAJO_TESTS_CMOCKA_H
#define LEGAJO_TESTS_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#endif
