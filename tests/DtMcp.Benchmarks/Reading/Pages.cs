namespace DtMcp.Benchmarks.Reading;

/// <summary>Where the lines of a file of pages stand.</summary>
internal static class Pages
{
    private static readonly Dictionary<string, List<(long Start, long Length)>> Known = [];

    public static IReadOnlyList<(long Start, long Length)> GetOrAdd(string path)
    {
        if (Known.TryGetValue(path, out var pages))
        {
            return pages;
        }

        pages = [];
        long start = 0, at = 0;
        var buffer = new byte[1 << 20];
        using var file = File.OpenRead(path);
        for (var read = file.Read(buffer); read > 0; read = file.Read(buffer))
        {
            for (var i = 0; i < read; i++, at++)
            {
                if (buffer[i] == '\n')
                {
                    pages.Add((start, at - start));
                    start = at + 1;
                }
            }
        }

        return Known[path] = pages;
    }
}
