using System.Text;
using DtMcp.Replicas.Sealing;

namespace DtMcp.Tests.Replicas;

public class KeyRingTests
{
    private static readonly string Old = new('o', 32);
    private static readonly string New = new('n', 44);

    [Fact]
    public void The_first_key_seals_and_all_open()
    {
        var (old, both, turned, next) = (Ring(Old), Ring($"{Old}\n{New}"), Ring($"# the new one\n{New}\n\n{Old} # goes\n"), Ring(New));
        var bytes = Encoding.UTF8.GetBytes("a day of traffic");

        Assert.Equal(bytes, both.Open(old.Seal(bytes, "here"), "here"));
        Assert.Equal(bytes, old.Open(both.Seal(bytes, "here"), "here"));
        Assert.Equal(bytes, next.Open(turned.Seal(bytes, "here"), "here"));
        Assert.Equal(bytes, turned.Open(old.Seal(bytes, "here"), "here"));
        Assert.Null(next.Open(old.Seal(bytes, "here"), "here"));
        Assert.NotEqual(old.Seal(bytes, "here"), old.Seal(bytes, "here"));
    }

    [Fact]
    public void What_was_changed_cut_or_moved_does_not_open()
    {
        var ring = Ring(Old);
        var bytes = Encoding.UTF8.GetBytes("a day of traffic");
        var whole = ring.Seal(bytes, "here");
        Assert.Null(ring.Open(whole, "there"));
        for (var i = 0; i < whole.Length; i++)
        {
            Assert.Null(ring.Open(whole.AsSpan(0, i), "here"));
            byte[] changed = [.. whole];
            changed[i] ^= 0x40;
            Assert.Null(ring.Open(changed, "here"));
        }

        Assert.Equal(-1, whole.AsSpan().IndexOf(bytes.AsSpan(0, 4)));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("# nothing\n\n", 0)]
    [InlineData("short", 1)]
    [InlineData("oooooooooooooooooooooooooooooooooooooooo\nooooooooooooooooooooo oooooooooooooooooooo", 2)]
    [InlineData("\u00fcooooooooooooooooooooooooooooooooooooooooooooo", 1)]
    public void A_line_that_is_no_key_is_refused_with_its_number(string text, int expected)
    {
        Assert.Null(KeyRing.Parse(text, out var line));
        Assert.Equal(expected, line);
    }

    private static KeyRing Ring(string text) => KeyRing.Parse(text, out _)!;
}
