using DtMcp.Tests.Investigations;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Queries.Channels;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Queries.Channels;

public class ChannelEndsTests
{
    [Fact]
    public void Pairs_and_ends_are_those_of_a_plain_grouping()
    {
        var random = new Random(14);
        for (var round = 0; round < 50; round++)
        {
            var (book, hosts) = Made(random, random.Next(1, 400), random.Next(2, 30));
            var ends = new ChannelEnds(book, hosts);
            var keys = Keys(book);
            Assert.Equal(keys.Select(key => (key.Source, key.Destination)).Distinct().Count(), ends.Pairs);
            for (var host = 0; host < hosts; host++)
            {
                Assert.Equal(Where(keys, key => key.Source == host), ends.From(host).ToArray().Order());
                Assert.Equal(Where(keys, key => key.Destination == host), ends.To(host).ToArray().Order());
                var (from, to) = ends.PairsOf(host);
                Assert.Equal(
                    keys.Where(key => key.Source == host).Select(key => key.Destination).Distinct().Order(),
                    Enumerable.Range(from, to - from).Select(ends.DestinationOf));
                for (var other = 0; other < hosts; other++)
                {
                    Assert.Equal(Where(keys, key => key.Source == host && key.Destination == other),
                        ends.Between(host, other).ToArray().Order());
                }
            }
        }
    }

    [Fact]
    public void Hosts_that_are_one_are_grouped_as_one()
    {
        var (book, hosts) = Made(new Random(15), 300, 20);
        var same = Enumerable.Range(0, hosts).Select(host => host / 2 * 2).ToArray();
        var ends = new ChannelEnds(book, hosts, same);
        var keys = Keys(book);
        Assert.Empty(ends.From(1).ToArray());
        Assert.Equal(Where(keys, key => key.Source / 2 == 0), ends.From(0).ToArray().Order());
        Assert.Equal(keys.Select(key => (key.Source / 2, key.Destination / 2)).Distinct().Count(), ends.Pairs);
    }

    private static (ChannelBook Book, int Hosts) Made(Random random, int rows, int hosts)
    {
        var maker = new RowMaker();
        for (var row = 0; row < rows; row++)
        {
            maker.Add(row, $"10.0.0.{random.Next(hosts)}", $"10.0.0.{random.Next(hosts)}", (ushort)random.Next(1, 4), 1, 1);
        }

        var flows = maker.Build();
        var book = new ChannelBook(new Sides(InternalRanges.Default), new ChannelQuery(WantsStarts: false));
        foreach (var chunk in flows.Chunks)
        {
            book.Consume(flows, chunk);
        }

        return (book, flows.Hosts.Count);
    }

    private static List<ChannelKey> Keys(ChannelBook book)
    {
        List<ChannelKey> keys = [];
        foreach (ref readonly var channel in book.All)
        {
            keys.Add(channel.Key);
        }

        return keys;
    }

    private static IEnumerable<int> Where(List<ChannelKey> keys, Func<ChannelKey, bool> condition) =>
        keys.Index().Where(key => condition(key.Item)).Select(key => key.Index);
}
