namespace DtMcp.Tests.Reading;

/// <summary>Bodies with one byte gone, added or changed, or cut.</summary>
internal static class Mutations
{
    public static byte[] Of(byte[] body, Random random)
    {
        var at = random.Next(body.Length);
        var interesting = "\"\\{}[]:,0- \0\u001fént1."u8.ToArray();
        var other = interesting[random.Next(interesting.Length)];
        return random.Next(5) switch
        {
            0 => body[..at],
            1 => [.. body[..at], .. body[(at + 1)..]],
            2 => [.. body[..at], other, .. body[at..]],
            3 => [.. body[..at], (byte)random.Next(256), .. body[(at + 1)..]],
            _ => [.. body[..at], other, .. body[(at + 1)..]],
        };
    }
}
