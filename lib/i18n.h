/* Messages: English in the code, Spanish by po/es.po; the locale chooses. */
#ifndef LEGAJO_I18N_H
#define LEGAJO_I18N_H

#include <glib/gi18n-lib.h>

/* Sets the language of messages: a program's main calls it first. Of the locale only the language
 * counts: text is UTF-8 and numbers have a point under every locale, since scripts read them.
 * Translations come from $LEGAJO_LOCALEDIR, else from share/locale near the program (a build folder,
 * an installation that was moved), else from where they were installed. */
void lj_i18n_init(void);
/* The same for a program that leaves its text to no library which asks the locale: where messages are to be in English
 * anyway, it stays in that of C, since to open another takes longer than to answer some questions. */
void lj_i18n_init_messages(void);

#endif
