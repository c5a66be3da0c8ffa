/* What Xapian throws, as our errors. */
#include "xap/inner.hh"
#include "i18n.h"

#include <cerrno>
#include <cstring>
#include <exception>
#include <new>

using std::string;

static void
set_from_xapian(GError **error, int code, const char *where, const Xapian::Error &e)
{
    const char *detail = e.get_error_string();
    g_set_error(error, LJ_ERROR, code, "%s: %s%s%s", where, e.get_msg().c_str(), detail ? ": " : "",
                detail ? detail : "");
}

void
lj_xap_caught(GError **error, const char *where)
{
    try {
        throw;
    } catch (const Xapian::DatabaseLockError &e) {
        /* Also where the lock cannot be taken at all: its file cannot be opened, the disk knows no locks. */
        if (e.get_msg().find("already locked") != string::npos)
            g_set_error(error, LJ_ERROR, LJ_ERROR_LOCKED,
                        _("%s: another program is writing this index; wait for it or use --wait"),
                        where);
        else
            set_from_xapian(error, LJ_ERROR_IO, where, e);
    } catch (const Xapian::DatabaseVersionError &e) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_NEWER,
                    _("%s: made by another version of Xapian (%s); rebuild the index"), where,
                    e.get_msg().c_str());
    } catch (const Xapian::DatabaseCorruptError &e) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_DAMAGED,
                    _("%s: the index is damaged (%s); go back with --rollback or rebuild it"),
                    where, e.get_msg().c_str());
    } catch (const Xapian::DatabaseNotFoundError &) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT, _("%s: no index is here"), where);
    } catch (const Xapian::DatabaseOpeningError &e) {
        const char *detail = e.get_error_string();
        bool denied = detail && strcmp(detail, g_strerror(EACCES)) == 0;
        if (denied)
            g_set_error(error, LJ_ERROR, LJ_ERROR_PERMISSION, _("%s: no permission to read it"),
                        where);
        else
            set_from_xapian(error, LJ_ERROR_DAMAGED, where, e);
    } catch (const Xapian::NetworkTimeoutError &e) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("%s: the server does not answer (%s)"), where,
                    e.get_msg().c_str());
    } catch (const Xapian::NetworkError &e) {
        const char *detail = e.get_error_string();
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("%s: no connection (%s%s%s)"), where,
                    e.get_msg().c_str(), detail ? ": " : "", detail ? detail : "");
    } catch (const Xapian::DatabaseError &e) {
        set_from_xapian(error, LJ_ERROR_IO, where, e);
    } catch (const Xapian::InvalidOperationError &e) {
        /* A failed write of a scratch database: what failed is lost in Xapian's attempt to undo it. */
        if (e.get_msg().find("DB_DANGEROUS") != string::npos)
            g_set_error(error, LJ_ERROR, LJ_ERROR_IO,
                        _("%s: cannot be written: the disk is full, or fails"), where);
        else
            set_from_xapian(error, LJ_ERROR_INTERNAL, where, e);
    } catch (const Xapian::Error &e) {
        set_from_xapian(error, LJ_ERROR_INTERNAL, where, e);
    } catch (const std::bad_alloc &) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_INTERNAL, _("%s: not enough memory"), where);
    } catch (const std::exception &e) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_INTERNAL, "%s: %s", where, e.what());
    }
}
