using System.Diagnostics;
using System.Globalization;

namespace DtMcp.Fuzzing;

/// <summary>Changes seeds without looking at what the code does with them, by a fixed seed.</summary>
internal static class BlindFuzzer
{
    // Of the processor's time, which a busy machine does not stretch. No input here is long: more than this is a hang.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    // What one input may make the program allocate: a reader's buffers are some MiB.
    private const long MostBytes = 256L << 20;

    private static readonly byte[] Interesting = "\"\\{}[]:,.0-+eE \t\n\0\u001f\u007f1234567890.ABCxyz=;#"u8.ToArray();

    private static readonly string[] Words =
    [
        "null", "true", "-1", "1e400", "9223372036854775808", "-9223372036854775809", "\\ud800", "\\u0000", "[[[[[[[[", "{\"\":", "\r\n",
        "\u202e", "é", "255.255.255.255", "::ffff:1.2.3.4", "0.0.0.0/0", "-", "(empty)", "\\x09", "NaN", "99999999999999999999999999",
        "\"\"", "%00", "eyJ", "..", "=",
    ];

    public static bool Run(Target target, int rounds)
    {
        var random = new Random(17);
        var clock = Stopwatch.StartNew();
        var (slowest, most) = (TimeSpan.Zero, 0L);
        List<byte[]> pool = [.. target.Seeds];
        for (var round = 0; round < rounds; round++)
        {
            var input = pool[random.Next(pool.Count)];
            for (var changes = 1 + random.Next(4); changes > 0; changes--)
            {
                input = Changed(input, target.Seeds, random);
            }

            var (before, start) = (GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime);
            try
            {
                target.Try(input);
            }
            catch (Exception fault)
            {
                return Found(target, input, round, fault.ToString());
            }

            var took = Environment.CpuUsage.TotalTime - start;
            var allocated = GC.GetTotalAllocatedBytes() - before;
            if (took > Longest || allocated > MostBytes)
            {
                return Found(target, input, round, string.Create(CultureInfo.InvariantCulture,
                    $"took {took.TotalSeconds:0.0} s and {allocated >> 20} MiB"));
            }

            slowest = took > slowest ? took : slowest;
            most = Math.Max(most, allocated);
            if (round % 50 == 0 && input.Length < 64 * 1024)
            {
                pool.Add(input);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{target.Name}: {rounds} inputs in {clock.Elapsed.TotalSeconds:0.0} s, slowest {slowest.TotalMilliseconds:0} ms, " +
            $"most {most >> 10} KiB"));
        return true;
    }

    private static byte[] Changed(byte[] input, IReadOnlyList<byte[]> seeds, Random random)
    {
        var at = random.Next(input.Length + 1);
        var length = Math.Min(random.Next(1, 1 << random.Next(1, 8)), input.Length - at);
        return random.Next(10) switch
        {
            0 => input[..at],
            1 => [.. input[..at], .. input[(at + length)..]],
            2 => [.. input[..at], .. input[at..(at + length)], .. input[at..]],
            3 => [.. input[..at], .. System.Text.Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]), .. input[at..]],
            4 => [.. input[..at], .. System.Text.Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]), .. input[(at + length)..]],
            5 when seeds[random.Next(seeds.Count)] is var other => [.. input[..at], .. other[random.Next(other.Length + 1)..]],
            6 when length > 0 => [.. input[..at], (byte)(input[at] ^ (1 << random.Next(8))), .. input[(at + 1)..]],
            7 when length > 0 => [.. input[..at], (byte)random.Next(256), .. input[(at + 1)..]],
            _ when length > 0 => [.. input[..at], Interesting[random.Next(Interesting.Length)], .. input[(at + 1)..]],
            _ => [.. input[..at], Interesting[random.Next(Interesting.Length)], .. input[at..]],
        };
    }

    private static bool Found(Target target, byte[] input, int round, string what)
    {
        var file = Path.Combine(Path.GetTempPath(), FormattableString.Invariant($"fuzz-{target.Name}-{round}"));
        File.WriteAllBytes(file, input);
        Console.WriteLine($"{target.Name}: FOUND in round {round}, kept as {file}: {what}");
        return false;
    }
}
