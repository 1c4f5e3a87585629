"""Caches are bounded by what their values weigh, and threads may share them."""

from concurrent.futures import ThreadPoolExecutor

from articles.text.remembering import AT_REST, LARGE, Remembered, remembered, settle


def test_least_recently_used_values_go_first():
    cache = Remembered(max_bytes=10)
    for name in "abc":
        cache.keep(name, name, weight=3)
    cache.get("a")

    cache.keep("d", "d", weight=4)

    assert cache.latest() == ["d", "a", "c"]
    assert cache.bytes == 10


def test_value_heavier_than_the_cache_pushes_nothing_out():
    cache = Remembered(max_bytes=10)
    cache.keep("a", 1, weight=10)

    cache.keep("b", 2, weight=11)

    assert (cache.get("a"), cache.get("b")) == (1, None)


def test_new_value_of_a_key_takes_the_place_of_the_last():
    cache = Remembered(max_bytes=10)
    cache.keep("a", 1, weight=4)

    cache.keep("a", 2, weight=5)
    assert (cache.get("a"), cache.bytes) == (2, 5)
    cache.keep("a", 3, weight=11)
    assert (cache.get("a"), cache.bytes) == (None, 0)


def test_settled_cache_holds_the_latest_values_and_no_large_one():
    settle()  # what other tests left
    cache = Remembered(max_bytes=10 * AT_REST)
    half = AT_REST // 2
    for name, weight in (("old", half), ("large", LARGE + 1), ("b", half), ("c", half)):
        cache.keep(name, name, weight=weight)

    dropped = cache.settle()

    assert cache.latest() == ["c", "b"]
    assert (cache.bytes, dropped) == (2 * half, half + LARGE + 1)
    assert settle() == 0


def test_function_is_called_once_for_equal_arguments_as_long_as_its_results_fit():
    calls = []

    @remembered(weigh=len, max_bytes=100)
    def doubled(text):
        calls.append(text)
        return text * 2

    assert [doubled("a" * n) for n in (10, 10, 20, 10)] == ["a" * 20, "a" * 20, "a" * 40, "a" * 20]
    assert [len(call) for call in calls] == [10, 20, 10]  # each weighs four times its argument


def test_eight_threads_get_what_one_gets_and_the_sum_stays_right():
    @remembered(weigh=lambda number: number % 7, max_bytes=50)
    def squared(number):
        return number * number

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(squared, [n % 40 for n in range(4_000)]))

    assert results == [(n % 40) ** 2 for n in range(4_000)]
    assert squared.results.bytes == sum(value % 7 for value in squared.results.latest()) <= 50
