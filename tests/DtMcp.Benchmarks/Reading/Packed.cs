using System.Globalization;
using System.IO.Compression;

namespace DtMcp.Benchmarks.Reading;

/// <summary>A body as a server would send it packed, and nothing but its unpacking.</summary>
internal static class Packed
{
    public static void Pack(string from, string encoding, string to)
    {
        using var source = File.OpenRead(from);
        using var target = File.Create(to);
        using Stream packing = encoding == "br"
            ? new BrotliStream(target, CompressionLevel.Optimal)
            : new GZipStream(target, CompressionLevel.Optimal);
        source.CopyTo(packing, 1 << 20);
    }

    public static string Unpack(string path, string encoding)
    {
        using var body = new FileBody(path);
        using Stream unpacking = encoding == "br"
            ? new BrotliStream(body, CompressionMode.Decompress)
            : new GZipStream(body, CompressionMode.Decompress);
        var window = new byte[1 << 18];
        long bytes = 0;
        for (var read = unpacking.Read(window); read > 0; read = unpacking.Read(window))
        {
            bytes += read;
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }
}
