using DtMcp.Traffic.Counting;

namespace DtMcp.Tests.Counting;

/// <summary>A paged list holds what was put in, over many pages, changed in place, cut and filled anew.</summary>
public class PagedListTests
{
    [Fact]
    public void Entries_stay_where_they_are_over_many_pages()
    {
        var list = new PagedList<(int Key, long Sum)>();
        for (var i = 0; i < 20_000; i++)
        {
            list.Add() = (i, i * 3L);
        }

        ref var first = ref list[0];
        list.Add() = (20_000, 60_000);
        first.Sum = 7;

        Assert.Equal(20_001, list.Count);
        Assert.Equal((0, 7L), list[0]);
        var at = 0;
        foreach (ref var entry in list)
        {
            Assert.Equal(at++, entry.Key);
            entry.Sum = -entry.Key;
        }

        Assert.Equal(20_001, at);
        Assert.Equal((12_345, -12_345L), list[12_345]);
    }

    [Fact]
    public void What_comes_after_a_cut_is_empty_before_it_is_filled()
    {
        var list = new PagedList<(int Key, long Sum)>();
        for (var i = 0; i < 9_000; i++)
        {
            list.Add() = (i, 1);
        }

        list.Truncate(4_000);

        Assert.Equal(4_000, list.Count);
        Assert.Equal((0, 0L), list.Add());
        Assert.Equal((3_999, 1L), list[3_999]);
    }
}
