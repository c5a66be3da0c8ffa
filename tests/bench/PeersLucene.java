/* Lucene as a peer of the benchmark: see tests/bench/peers.
 *
 *   java -cp JARS PeersLucene.java index files|records SOURCE INDEX THREADS
 *   java -cp JARS PeersLucene.java search INDEX QUERIES ROUNDS
 *   java -cp JARS PeersLucene.java once INDEX KIND QUERY TYPE
 *
 * Title and text analysed by SpanishAnalyzer with positions, the text stored, the type as a facet.
 */
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.facet.FacetsCollector;
import org.apache.lucene.facet.FacetsConfig;
import org.apache.lucene.facet.sortedset.DefaultSortedSetDocValuesReaderState;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetCounts;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetField;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesReaderState;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.QueryBuilder;

public class PeersLucene {
    static final Analyzer ANALYZER = new SpanishAnalyzer();
    static final FacetsConfig FACETS = new FacetsConfig();

    /* An object whose values are strings: all that the benchmark writes. */
    static Map<String, String> parse(String line) {
        Map<String, String> record = new HashMap<>();
        int[] at = {0};
        String key = null;
        while ((at[0] = line.indexOf('"', at[0])) >= 0) {
            String text = string(line, at);
            if (key == null) {
                key = text;
            } else {
                record.put(key, text);
                key = null;
            }
        }
        return record;
    }

    static String string(String line, int[] at) {
        int i = at[0] + 1;
        int plain = i;
        StringBuilder out = null;
        for (char c; (c = line.charAt(i)) != '"';) {
            if (c != '\\') {
                i++;
                continue;
            }
            if (out == null)
                out = new StringBuilder(line.length() - plain);
            out.append(line, plain, i);
            char escape = line.charAt(i + 1);
            i += 2;
            switch (escape) {
            case 'n': out.append('\n'); break;
            case 't': out.append('\t'); break;
            case 'r': out.append('\r'); break;
            case 'b': out.append('\b'); break;
            case 'f': out.append('\f'); break;
            case 'u':
                out.append((char) Integer.parseInt(line.substring(i, i + 4), 16));
                i += 4;
                break;
            default: out.append(escape);
            }
            plain = i;
        }
        at[0] = i + 1;
        return out == null ? line.substring(plain, i) : out.append(line, plain, i).toString();
    }

    static Document document(String id, String title, String type, String text) throws IOException {
        Document document = new Document();
        document.add(new StringField("id", id, Field.Store.YES));
        if (title != null)
            document.add(new TextField("text", title, Field.Store.YES));
        if (type != null) {
            document.add(new SortedSetDocValuesFacetField("type", type));
            document.add(new StringField("kind", type, Field.Store.NO));
        }
        document.add(new TextField("text", text, Field.Store.YES));
        return FACETS.build(document);
    }

    static void index(String how, String source, String index, int threads) throws Exception {
        IndexWriterConfig config = new IndexWriterConfig(ANALYZER);
        config.setRAMBufferSizeMB(256);
        final IndexWriter writer = new IndexWriter(FSDirectory.open(Paths.get(index)), config);
        final boolean records = how.equals("records");
        final ArrayBlockingQueue<String> queue = new ArrayBlockingQueue<>(256);
        Thread[] pool = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            pool[i] = new Thread(() -> {
                try {
                    for (String item; !(item = queue.take()).isEmpty();) {
                        if (records) {
                            Map<String, String> r = parse(item);
                            writer.addDocument(document(r.get("id"), r.get("title"), r.get("type"), r.get("text")));
                        } else {
                            Path path = Paths.get(item);
                            String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
                            writer.addDocument(document(item, null, null, text));
                        }
                    }
                    queue.put("");
                } catch (Exception e) {
                    e.printStackTrace();
                    System.exit(70);
                }
            });
            pool[i].start();
        }
        if (records) {
            try (BufferedReader reader = Files.newBufferedReader(Paths.get(source), StandardCharsets.UTF_8)) {
                for (String line; (line = reader.readLine()) != null;)
                    queue.put(line);
            }
        } else {
            try (Stream<Path> walk = Files.walk(Paths.get(source))) {
                for (Path path : (Iterable<Path>) walk.filter(Files::isRegularFile)::iterator)
                    queue.put(path.toString());
            }
        }
        queue.put("");
        for (Thread thread : pool)
            thread.join();
        writer.commit();
        writer.close();
    }

    static Query query(String kind, String words, String type) {
        QueryBuilder builder = new QueryBuilder(ANALYZER);
        if (kind.equals("phrase"))
            return builder.createPhraseQuery("text", words);
        Query any = builder.createBooleanQuery("text", words);
        if (!kind.equals("filtered") || any == null)
            return any;
        return new BooleanQuery.Builder()
            .add(any, BooleanClause.Occur.MUST)
            .add(new TermQuery(new Term("kind", type)), BooleanClause.Occur.FILTER)
            .build();
    }

    static int answer(IndexSearcher searcher, SortedSetDocValuesReaderState state, String[] q) throws IOException {
        Query query = query(q[0], q[1], q[2]);
        if (query == null)
            return 0;
        TopDocs top;
        if (q[0].equals("facets")) {
            FacetsCollector collector = new FacetsCollector();
            top = FacetsCollector.search(searcher, query, 10, collector);
            new SortedSetDocValuesFacetCounts(state, collector).getTopChildren(10, "type");
        } else {
            top = searcher.search(query, 10);
        }
        for (ScoreDoc hit : top.scoreDocs)
            searcher.doc(hit.doc, java.util.Collections.singleton("id")).get("id");
        return top.scoreDocs.length;
    }

    public static void main(String[] a) throws Exception {
        if (a[0].equals("index")) {
            index(a[1], a[2], a[3], Integer.parseInt(a[4]));
            return;
        }
        DirectoryReader reader = DirectoryReader.open(FSDirectory.open(Paths.get(a[1])));
        IndexSearcher searcher = new IndexSearcher(reader);
        if (a[0].equals("once")) {
            System.out.println(answer(searcher, null, new String[] {a[2], a[3], a[4]}));
            return;
        }
        SortedSetDocValuesReaderState state = new DefaultSortedSetDocValuesReaderState(reader);
        List<String> lines = Files.readAllLines(Paths.get(a[2]), StandardCharsets.UTF_8);
        int rounds = Integer.parseInt(a[3]);
        for (int round = 0; round < rounds; round++)
            for (String line : lines) {
                String[] q = line.split("\t", -1);
                long start = System.nanoTime();
                int n = answer(searcher, state, q);
                long took = (System.nanoTime() - start) / 1000;
                if (round > 0) /* the first warms the caches and the compiler up */
                    System.out.println(q[0] + "\t" + took + "\t" + n);
            }
    }
}
