using System.Globalization;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Rendering;

/// <summary>How much of a digest is shown. Whatever it leaves out, <see cref="CutNote"/> says.</summary>
internal sealed record Shape
{
    /// <summary>Rows shown, a table.</summary>
    public required IReadOnlyList<int> Rows { get; init; }

    public required int Filters { get; init; }

    public required int Device { get; init; }

    public required int Totals { get; init; }

    public required int Notes { get; init; }

    public required int Next { get; init; }

    /// <summary>Most characters of one text from the network.</summary>
    public required int TextCap { get; init; }

    /// <summary>Most values of a list in a row.</summary>
    public required int ListCap { get; init; }

    /// <summary>Most characters of a note or a next call.</summary>
    public int NoteCap => TextCap < 48 ? 320 : Math.Max(TextCap, 480);

    public required string? CutNote { get; init; }

    /// <summary>The zone that times are shown in.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Most characters of a text: our own sentences as long as notes.</summary>
    public int CapOf(Cell cell) => cell.IsSentence ? NoteCap : TextCap;

    /// <summary>All of it.</summary>
    public static Shape Whole(Digest digest, int textCap, int listCap) => new()
    {
        Rows = [.. digest.Tables.Select(table => table.Rows.Count)],
        Filters = digest.Scope.Filters.Count,
        Device = digest.Device?.Count ?? 0,
        Totals = digest.Totals.Count,
        Notes = digest.Notes.Count,
        Next = digest.Next.Count,
        TextCap = textCap,
        ListCap = listCap,
        CutNote = null,
        Zone = digest.Scope.Zone,
    };

    /// <summary>Notes shown, the one about what was cut last.</summary>
    public IEnumerable<string> NotesOf(Digest digest)
    {
        var notes = digest.Notes.Take(Notes);
        return CutNote is null ? notes : notes.Append(CutNote);
    }

    /// <summary>Where the next page starts: after the rows shown, not after those found.</summary>
    public string? CursorOf(Digest digest) => digest.CursorAfter is { } after ? after(Rows.Count > 0 ? Rows[0] : 0) : digest.Cursor;

    /// <summary>The shape with a note that says what it leaves out, if anything.</summary>
    public Shape WithCutNote(Digest digest, int budget)
    {
        List<string> left = [];
        for (var i = 0; i < digest.Tables.Count && left.Count < 8; i++)
        {
            if (Rows[i] < digest.Tables[i].Rows.Count)
            {
                left.Add(string.Create(CultureInfo.InvariantCulture, $"{digest.Tables[i].Name} {Rows[i]} of {digest.Tables[i].Of}"));
            }
        }

        Count(Notes, digest.Notes.Count, "notes");
        Count(Next, digest.Next.Count, "next");
        Count(Filters, digest.Scope.Filters.Count, "filters");
        Count(Device, digest.Device?.Count ?? 0, "device");
        Count(Totals, digest.Totals.Count, "totals");
        return left.Count == 0
            ? this with { CutNote = null }
            : this with
            {
                CutNote = string.Create(CultureInfo.InvariantCulture,
                    $"Cut to fit {budget} tokens: {string.Join(", ", left)}. " +
                    $"{(budget < PageRows.Budget(Detail.Full) ? "A filter or detail=full" : "A filter")} shows more."),
            };

        void Count(int shown, int all, string what)
        {
            if (shown < all)
            {
                left.Add(string.Create(CultureInfo.InvariantCulture, $"{what} {shown} of {all}"));
            }
        }
    }
}
