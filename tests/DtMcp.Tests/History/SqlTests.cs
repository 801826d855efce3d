using System.Text;
using DtMcp.Darktrace.Values;
using DtMcp.History.Wire;

namespace DtMcp.Tests.History;

/// <summary>Values in SQL are literals, whatever is in them.</summary>
[Collection(nameof(ClickHouse))]
public sealed class SqlTests(ClickHouse server)
{
    private static readonly string[] Hostile =
    [
        "", "'", "\\", "\\'", "'; DROP TABLE conn; --", "') OR 1=1 --", "\\x27", "a\0b", "\u2028\r\n\t", "%", "_", "/*", "*/", "{a:String}",
        "‘’＇", "\ud83d\ude00", "ÿ", new('\'', 300),
    ];

    [Fact]
    public void A_text_becomes_letters_digits_and_escaped_bytes_between_two_quotes()
    {
        foreach (var text in Hostile.Concat(Random(1, 2_000)))
        {
            var literal = Sql.Of($"{text}").Text;
            Assert.Equal('\'', literal[0]);
            Assert.Equal('\'', literal[^1]);
            var inner = literal[1..^1];
            Assert.DoesNotContain('\'', inner);
            for (var at = 0; at < inner.Length; at++)
            {
                if (inner[at] == '\\')
                {
                    Assert.Matches("^x[0-9A-F]{2}$", inner[(at + 1)..(at + 4)]);
                    at += 3;
                }
                else
                {
                    Assert.True(char.IsAsciiLetterOrDigit(inner[at]));
                }
            }
        }
    }

    [Fact]
    public async Task The_server_reads_every_text_as_it_was()
    {
        using var wire = Wire();
        foreach (var texts in Hostile.Concat(Random(2, 600)).Chunk(100))
        {
            var query = Sql.Of($"SELECT 1, arrayJoin([{Sql.List(texts.Select(text => Sql.Of($"{text}")))}]) FORMAT RowBinary");
            var read = await wire.ReadAsync(query, row => row.Text().ToArray(), TestContext.Current.CancellationToken);
            Assert.Equal(texts.Select(Encoding.UTF8.GetBytes), read);
        }
    }

    [Fact]
    public async Task Numbers_and_addresses_come_back_as_they_went()
    {
        using var wire = Wire();
        NetAddress[] addresses = [NetAddress.FromIPv4(0xC0000201), NetAddress.FromBits(UInt128.MaxValue), NetAddress.FromBits(0)];
        long[] numbers = [0, -1, long.MinValue + 1, long.MaxValue];
        foreach (var (address, number) in addresses.SelectMany(address => numbers.Select(number => (address, number))))
        {
            var read = await wire.ReadAsync(
                Sql.Of($"SELECT 1, {address}, toInt64({number}), toInt64(0-{number}), toUInt64({ulong.MaxValue}) FORMAT RowBinary"),
                row => (row.Address(), row.I64(), row.I64(), row.U64()), TestContext.Current.CancellationToken);
            Assert.Equal((address, number, -number, ulong.MaxValue), Assert.Single(read));
        }
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a;b")]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("ä")]
    [InlineData("a`")]
    public void A_name_is_of_letters_digits_and_underscores(string name)
    {
        Assert.False(Sql.IsName(name));
        Assert.Throws<ArgumentException>(() => Sql.Name(name));
    }

    private HistoryServer Wire()
    {
        var options = server.Options();
        return new HistoryServer(options, options.Nodes[0], TimeProvider.System);
    }

    private static IEnumerable<string> Random(int seed, int count)
    {
        var random = new Random(seed);
        const string Likely = "'\\;-/*()\"`{}\0\n aAxX279%\u00e9\ud83d\udca9";
        return Enumerable.Range(0, count).Select(_ => new string([.. Enumerable.Range(0, random.Next(40)).Select(_ =>
            random.Next(3) == 0 ? (char)random.Next(0xD800) : Likely[random.Next(Likely.Length - 2)])]));
    }
}
