/* Lucene's answers to the queries of a judged set, in TREC form, for tests/quality/ablation --beside.
 *
 *   java -cp JARS tests/quality/LuceneRun.java DOCS.jsonl QUERIES.tsv OUT
 *
 * JARS: lucene-core and lucene-analyzers-common of liblucene8-java, in /usr/share/java. Title and text in
 * one field, SpanishAnalyzer, OR of the query's words, BM25 with k1 1.2 and b 0.75.
 */
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.QueryBuilder;

public class LuceneRun {
    static final int DEPTH = 100;

    /* An object whose values are strings: all that a judged set needs. */
    static Map<String, String> parse(String line) {
        Map<String, String> record = new HashMap<>();
        String key = null;
        for (int at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at)) {
            StringBuilder text = new StringBuilder();
            for (at++; line.charAt(at) != '"'; at++) {
                char c = line.charAt(at);
                if (c != '\\') {
                    text.append(c);
                    continue;
                }
                c = line.charAt(++at);
                if (c == 'u') {
                    text.append((char) Integer.parseInt(line.substring(at + 1, at + 5), 16));
                    at += 4;
                } else {
                    int place = "ntrbf".indexOf(c);
                    text.append(place < 0 ? c : "\n\t\r\b\f".charAt(place));
                }
            }
            at++;
            if (key == null) {
                key = text.toString();
            } else {
                record.put(key, text.toString());
                key = null;
            }
        }
        return record;
    }

    public static void main(String[] arguments) throws Exception {
        SpanishAnalyzer analyzer = new SpanishAnalyzer();
        ByteBuffersDirectory directory = new ByteBuffersDirectory();
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(analyzer));
                BufferedReader lines = Files.newBufferedReader(Paths.get(arguments[0]))) {
            for (String line; (line = lines.readLine()) != null;) {
                Map<String, String> record = parse(line);
                Document document = new Document();
                document.add(new StringField("id", record.get("id"), Field.Store.YES));
                document.add(new TextField("text",
                        record.getOrDefault("title", "") + "\n" + record.getOrDefault("text", ""), Field.Store.NO));
                writer.addDocument(document);
            }
        }
        BooleanQuery.setMaxClauseCount(100000);
        IndexSearcher searcher = new IndexSearcher(DirectoryReader.open(directory));
        searcher.setSimilarity(new BM25Similarity(1.2f, 0.75f));
        QueryBuilder builder = new QueryBuilder(analyzer);
        Path out = Paths.get(arguments[2]);
        try (BufferedReader lines = Files.newBufferedReader(Paths.get(arguments[1]));
                PrintWriter run = new PrintWriter(Files.newBufferedWriter(out))) {
            for (String line; (line = lines.readLine()) != null;) {
                int tab = line.indexOf('\t');
                Query query = tab < 0 ? null : builder.createBooleanQuery("text", line.substring(tab + 1));
                if (query == null)
                    continue;
                int rank = 0;
                for (ScoreDoc hit : searcher.search(query, DEPTH).scoreDocs)
                    run.println(line.substring(0, tab) + " Q0 " + searcher.doc(hit.doc).get("id") + " " + ++rank + " "
                            + hit.score + " lucene");
            }
        }
    }
}
