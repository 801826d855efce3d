using DtMcp.Benchmarks.Analysis;
using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Rendering;

namespace DtMcp.Benchmarks.Rendering;

/// <summary>
/// <c>render FILE ROUNDS</c>: a tool's answer as text in each form, within the usual budget, and the tables as plain JSON beside it.
/// </summary>
internal static class RenderingTable
{
    private const int Repeats = 20;

    public static async Task RunAsync(string path, int rounds)
    {
        var flows = await AnalysisTable.LoadAsync(path);
        foreach (var tool in AnalysisTable.Tools)
        {
            // Once for nothing: the code that is shared is compiled anew while it runs hot.
            _ = Row(tool, flows, rounds);
        }

        Figures.Head("answer", "markdown ms", "csv ms", "json ms", "characters of markdown", "KB allocated (markdown)",
            "JsonSerializer, indented, no budget: ms", "characters");
        foreach (var tool in AnalysisTable.Tools)
        {
            Figures.Progress($"rendering, {tool}");
            Figures.Row(Row(tool, flows, rounds));
        }
    }

    private static object[] Row(string tool, FlowSet flows, int rounds)
    {
        var digest = Digests.Of(tool, flows);
        var (markdown, text) = Measure(rounds, () => DigestRenderer.Render(digest, AnswerFormat.Markdown, Detail.Normal, false));
        var (csv, _) = Measure(rounds, () => DigestRenderer.Render(digest, AnswerFormat.Csv, Detail.Normal, false));
        var (json, _) = Measure(rounds, () => DigestRenderer.Render(digest, AnswerFormat.Json, Detail.Normal, false));
        var (plain, plainText) = Measure(rounds, () => PlainJson.Write(digest));
        return [tool, Ms(markdown), Ms(csv), Ms(json), text.Length, markdown.Bytes / Repeats / 1e3, Ms(plain), plainText.Length];
    }

    private static ((double Seconds, double Bytes) Cost, string Text) Measure(int rounds, Func<string> render) =>
        AnalysisTable.Measure(rounds, () =>
    {
        var text = "";
        for (var i = 0; i < Repeats; i++)
        {
            text = render();
        }

        return text;
    });

    private static double Ms((double Seconds, double Bytes) cost) => cost.Seconds / Repeats * 1e3;
}
