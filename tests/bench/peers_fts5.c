/* SQLite's FTS5 as a peer of the benchmark: see tests/bench/peers.
 *
 *     peers_fts5 index files|records SOURCE DATABASE
 *     peers_fts5 search DATABASE QUERIES ROUNDS
 *
 * Title and text with positions, the text stored; the type in a table beside it.
 */
#include <fts.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static sqlite3 *db;

static void
must(int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
        fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(db));
        exit(70);
    }
}

static sqlite3_stmt *
prepare(const char *sql)
{
    sqlite3_stmt *statement;
    must(sqlite3_prepare_v2(db, sql, -1, &statement, NULL));
    return statement;
}

static void
add(sqlite3_stmt *into_text, sqlite3_stmt *into_meta, const char *id, const char *title,
    const char *type, const char *text, size_t length)
{
    must(sqlite3_bind_text(into_text, 1, title, -1, SQLITE_STATIC));
    must(sqlite3_bind_text64(into_text, 2, text, length, SQLITE_STATIC, SQLITE_UTF8));
    must(sqlite3_step(into_text));
    must(sqlite3_reset(into_text));
    must(sqlite3_bind_int64(into_meta, 1, sqlite3_last_insert_rowid(db)));
    must(sqlite3_bind_text(into_meta, 2, id, -1, SQLITE_STATIC));
    must(sqlite3_bind_text(into_meta, 3, type, -1, SQLITE_STATIC));
    must(sqlite3_step(into_meta));
    must(sqlite3_reset(into_meta));
}

static int
open_index(bool records, const char *source)
{
    must(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL));
    must(sqlite3_exec(db,
                      "CREATE VIRTUAL TABLE t USING fts5(title, text, "
                      "tokenize=\"unicode61 remove_diacritics 2\");"
                      "CREATE TABLE meta(n INTEGER PRIMARY KEY, id TEXT, type TEXT)",
                      NULL, NULL, NULL));
    sqlite3_stmt *text = prepare("INSERT INTO t(title, text) VALUES(?, ?)");
    sqlite3_stmt *meta = prepare("INSERT INTO meta VALUES(?, ?, ?)");
    char *buffer = NULL;
    size_t size = 0;
    if (records) {
        FILE *file = fopen(source, "r");
        for (ssize_t n; file && (n = getline(&buffer, &size, file)) > 0;) {
            json_t *r = json_loadb(buffer, (size_t)n, 0, NULL);
            json_t *value = json_object_get(r, "text");
            add(text, meta, json_string_value(json_object_get(r, "id")),
                json_string_value(json_object_get(r, "title")),
                json_string_value(json_object_get(r, "type")), json_string_value(value),
                json_string_length(value));
            json_decref(r);
        }
        if (file)
            fclose(file);
    } else {
        char *roots[] = {(char *)source, NULL};
        FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
        for (FTSENT *entry; walk && (entry = fts_read(walk));) {
            if (entry->fts_info != FTS_F)
                continue;
            size_t length = (size_t)entry->fts_statp->st_size;
            if (length + 1 > size)
                buffer = realloc(buffer, size = 2 * length + 1);
            FILE *file = fopen(entry->fts_accpath, "r");
            length = file ? fread(buffer, 1, length, file) : 0;
            if (file)
                fclose(file);
            add(text, meta, entry->fts_path, NULL, NULL, buffer, length);
        }
        fts_close(walk);
    }
    must(sqlite3_exec(db, "CREATE INDEX by_type ON meta(type); COMMIT", NULL, NULL, NULL));
    free(buffer);
    sqlite3_finalize(text);
    sqlite3_finalize(meta);
    return 0;
}

/* "a b" → "a" OR "b", or one phrase. */
static void
match(const char *words, bool phrase, char *out, size_t size)
{
    size_t n = 0;
    out[n++] = '"';
    for (const char *c = words; *c && n + 10 < size; c++) {
        if (*c == ' ' && !phrase) {
            memcpy(out + n, "\" OR \"", 6);
            n += 6;
        } else {
            out[n++] = *c;
        }
    }
    out[n++] = '"';
    out[n] = 0;
}

static int
steps(sqlite3_stmt *statement)
{
    int n = 0, code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        sqlite3_column_text(statement, 0);
        n++;
    }
    must(code);
    must(sqlite3_reset(statement));
    return n;
}

static int
search(const char *queries, int rounds)
{
    sqlite3_stmt *plain = prepare("SELECT meta.id FROM (SELECT rowid FROM t WHERE t MATCH ?1 ORDER "
                                  "BY rank LIMIT 10) AS top JOIN meta ON meta.n = top.rowid");
    sqlite3_stmt *filtered =
        prepare("SELECT meta.id FROM t JOIN meta ON meta.n = t.rowid WHERE t MATCH ?1 AND "
                "meta.type = ?2 ORDER BY rank LIMIT 10");
    sqlite3_stmt *facets = prepare("SELECT type, count(*) FROM t JOIN meta ON meta.n = t.rowid "
                                   "WHERE t MATCH ?1 GROUP BY type");
    for (int round = 0; round < rounds; round++) {
        FILE *file = fopen(queries, "r");
        char *line = NULL, expression[4096];
        size_t size = 0;
        for (ssize_t n; file && (n = getline(&line, &size, file)) > 0;) {
            char *rest = line, *kind = strsep(&rest, "\t"), *words = strsep(&rest, "\t"),
                 *type = strsep(&rest, "\t\n");
            match(words, strcmp(kind, "phrase") == 0, expression, sizeof expression);
            struct timespec start, end;
            clock_gettime(CLOCK_MONOTONIC, &start);
            sqlite3_stmt *top = strcmp(kind, "filtered") == 0 ? filtered : plain;
            must(sqlite3_bind_text(top, 1, expression, -1, SQLITE_STATIC));
            if (top == filtered)
                must(sqlite3_bind_text(top, 2, type, -1, SQLITE_STATIC));
            int hits = steps(top);
            if (strcmp(kind, "facets") == 0) {
                must(sqlite3_bind_text(facets, 1, expression, -1, SQLITE_STATIC));
                steps(facets);
            }
            clock_gettime(CLOCK_MONOTONIC, &end);
            long took =
                (end.tv_sec - start.tv_sec) * 1000000 + (end.tv_nsec - start.tv_nsec) / 1000;
            if (round > 0)
                printf("%s\t%ld\t%d\n", kind, took, hits);
        }
        free(line);
        if (file)
            fclose(file);
    }
    sqlite3_finalize(plain);
    sqlite3_finalize(filtered);
    sqlite3_finalize(facets);
    return 0;
}

int
main(int argc, char **argv)
{
    bool index = argc == 5 && strcmp(argv[1], "index") == 0;
    if (!index && !(argc == 5 && strcmp(argv[1], "search") == 0))
        return 2;
    must(sqlite3_open(argv[index ? 4 : 2], &db));
    int status = index ? open_index(strcmp(argv[2], "records") == 0, argv[3])
                       : search(argv[3], atoi(argv[4]));
    sqlite3_close(db);
    return status;
}
