using System.Globalization;

namespace DtMcp.Benchmarks.Reading;

/// <summary>What a file of connections holds, told by the one who wrote it: every answer over the file is checked with it.</summary>
internal readonly record struct FlowsTruth(long Rows, long Bytes, long External, long ExternalBytes)
{
    public static FlowsTruth Of(string path) =>
        File.ReadAllText(Beside(path)).Split(' ') is [var rows, var bytes, var external, var externalBytes]
        ? new FlowsTruth(Whole(rows), Whole(bytes), Whole(external), Whole(externalBytes))
        : throw new InvalidDataException(Beside(path));

    public void Save(string path) =>
        File.WriteAllText(Beside(path), string.Create(CultureInfo.InvariantCulture, $"{Rows} {Bytes} {External} {ExternalBytes}"));

    private static string Beside(string path) => path + ".truth";

    private static long Whole(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
