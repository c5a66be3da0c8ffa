/* The analyser that the tests of a program share: open_analyser and close_analyser are its group's set-up and
 * tear-down.
 */
#ifndef LEGAJO_TESTS_ANALYSER_H
#define LEGAJO_TESTS_ANALYSER_H

#include "cmocka_all.h"
#include "legajo/analysis.h"

static struct lj_analyser *analyser;

static int
open_analyser(void **state)
{
    (void)state;
    analyser = lj_analyser_open(NULL, NULL);
    return analyser ? 0 : -1;
}

static int
close_analyser(void **state)
{
    (void)state;
    lj_analyser_close(analyser);
    return 0;
}

#endif
