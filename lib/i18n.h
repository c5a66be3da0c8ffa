/* Messages: English in the code, Spanish by po/es.po; the locale chooses. */
#ifndef LEGAJO_I18N_H
#define LEGAJO_I18N_H

#include <glib/gi18n-lib.h>

#endif
