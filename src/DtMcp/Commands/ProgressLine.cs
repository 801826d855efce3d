using System.Globalization;
using DtMcp.Traffic.Questions;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DtMcp.Commands;

/// <summary>A bar and what it stands for, on one line of any terminal.</summary>
internal sealed class ProgressLine(AskProgress progress, TimeSpan elapsed) : Renderable
{
    private const int BarCells = 24;

    private static readonly Style Done = new(Color.Green);
    private static readonly Style Left = new(Color.Grey);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        // One cell stays free: a full line would make some terminals start another, which \r does not take back. Blanks cover a longer line
        // before.
        var width = Math.Max(0, maxWidth - 1);
        var cells = Math.Min(BarCells, width);
        var share = progress.Total is > 0 ? Math.Clamp(progress.Done / progress.Total.Value, 0, 1) : 0;
        var done = (int)(share * cells);
        var cell = options.Unicode ? '━' : '-';
        var words = $" {Words()}";
        var room = width - cells;
        return
        [
            new Segment(new string(cell, done), Done),
            new Segment(new string(options.Unicode || done == cells ? cell : ' ', cells - done), Left),
            new Segment(words.Length > room ? words[..room] : words.PadRight(room)),
        ];
    }

    private string Words() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Math.Floor(progress.Done):0} of {progress.Total:0} parts, {progress.Connections:N0} connections, {progress.Bytes / 1e6:N1} " +
        $"MB, {(int)elapsed.TotalMinutes}:{elapsed.Seconds:00}");
}
