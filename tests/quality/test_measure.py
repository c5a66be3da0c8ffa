"""The measure itself, on runs whose figures were worked out by hand."""
import importlib.machinery
import importlib.util
import math
import tempfile
import unittest
from pathlib import Path

place = Path(__file__).with_name("measure")
loader = importlib.machinery.SourceFileLoader("measure", str(place))
measure = importlib.util.module_from_spec(importlib.util.spec_from_loader("measure", loader))
loader.exec_module(measure)

QRELS = {"a": {"d1": 2, "d2": 1, "d3": 1, "x": 0}, "b": {"d9": 1}, "c": {"d5": 1}, "d": {"d7": 0}}


class Measures(unittest.TestCase):
    def test_by_hand(self):
        found = measure.evaluate({"a": ["d2", "x", "d1"], "b": ["x", "y", "d9"]}, QRELS)
        self.assertEqual(sorted(found), ["a", "b", "c"])  # d has nothing relevant
        # a: gains 1, 0, 2: 1 + 2/log2(4) = 2; at best 2 + 1/log2(3) + 1/log2(4)
        self.assertAlmostEqual(found["a"][0], 2 / (2 + 1 / math.log2(3) + 0.5))
        self.assertAlmostEqual(found["a"][0], 0.638788, places=6)
        self.assertEqual(found["a"][1:3], (1, 1))
        self.assertAlmostEqual(found["a"][3], 2 / 3)
        self.assertAlmostEqual(found["b"][0], 0.5)  # third place: 1/log2(4)
        self.assertAlmostEqual(found["b"][1], 1 / 3)
        self.assertEqual(found["b"][2:], (0, 1))
        self.assertEqual(found["c"], (0, 0, 0, 0))  # no answer counts as nothing, not as absent
        self.assertAlmostEqual(measure.mean(row[0] for row in found.values()), 0.379596, places=6)

    def test_cut_offs(self):
        answers = [f"n{i}" for i in range(10)] + ["d9"]
        self.assertEqual(measure.judge(answers, {"d9": 1}), (0, 0, 0, 1))
        answers = [f"n{i}" for i in range(100)] + ["d9"]
        self.assertEqual(measure.judge(answers, {"d9": 1}), (0, 0, 0, 0))

    def test_perfect(self):
        self.assertEqual(measure.judge(["d1", "d2", "d3"], QRELS["a"]), (1, 1, 1, 1))


class Significance(unittest.TestCase):
    def test_equal_runs(self):
        self.assertEqual(measure.significance([0.5, 0.2], [0.5, 0.2]), 1)

    def test_exact_for_few_queries(self):
        # four equal gains: only 2 of the 16 ways to sign them are as extreme, so p is 1/8
        self.assertAlmostEqual(measure.significance([0] * 4, [0.1] * 4), 1 / 8, delta=0.02)

    def test_many_gains(self):
        self.assertLess(measure.significance([0.1] * 40, [0.2] * 40), 0.001)

    def test_noise(self):
        one, other = [0.1, 0.9] * 20, [0.9, 0.1] * 20
        self.assertGreater(measure.significance(one, other), 0.8)


class Files(unittest.TestCase):
    def wrong(self, read, text):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file"
            path.write_text(text, encoding="utf-8")
            with self.assertRaises(measure.Unusable):
                read(path)

    def test_a_run_that_cannot_be(self):
        self.wrong(measure.read_run, "q Q0 d 1 2.0 r\nq Q0 d 2 1.0 r\n")
        self.wrong(measure.read_run, "q Q0 d 1 2.0 r\nq Q0 e 1 1.0 r\n")
        self.wrong(measure.read_run, "q Q0 d 1 2.0 r\nq Q0 e 2 3.0 r\n")
        self.wrong(measure.read_run, "q Q0 a name with blanks 1 2.0 r\n")

    def test_judgements_that_cannot_be(self):
        self.wrong(measure.read_qrels, "q 0 d\n")
        self.wrong(measure.read_qrels, "q 0 d 1\nq 0 d 2\n")

    def test_rank_orders_the_run(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run"
            path.write_text("q Q0 b 2 1.0 r\nq Q0 a 1 2.0 r\n", encoding="utf-8")
            self.assertEqual(measure.read_run(path), {"q": ["a", "b"]})


if __name__ == "__main__":
    unittest.main()
