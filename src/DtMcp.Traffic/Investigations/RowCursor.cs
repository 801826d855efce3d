using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>
/// Where the next page of rows starts: how many were shown, of which window, in which order and to which question. The window stands still,
/// so that pages of "the last hour" fit together. Opaque to callers, and believed in nothing: all of it is checked before it is used, and
/// where there are several callers it bears a mark that is good for its own caller alone.
/// </summary>
internal readonly record struct RowCursor(long Offset, TimeWindow Window, RowSort? Sort)
{
    private const int LongestText = 200;

    // Windows are read a moment behind the clock.
    private const long SlackMs = 60_000;

    /// <summary>The text of a cursor that serves this question alone.</summary>
    public string For(Question question, string appliance)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{Offset}.{Window.StartMs}.{Window.EndMs}.{Sort}.{Mark(question, appliance)}");
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(question.Seal is { } seal ? $"{text}.{seal.Mark(text)}" : text));
    }

    /// <summary>What a question's cursor says; null when it has none. Refuses what no answer gave, or another question's answer.</summary>
    public static RowCursor? Of(Question question, string appliance)
    {
        if (question.Cursor is not { } text)
        {
            return null;
        }

        if (Parse(text, question.Seal) is not var (cursor, mark))
        {
            throw new ApplianceException(
                ApplianceError.InvalidArgument,
                "cursor: this is not a cursor of an earlier answer.",
                "Copy the cursor of the last answer as it is, or leave it out to start anew.");
        }

        return mark == Mark(question, appliance) && (question.Sort is null || question.Sort == cursor.Sort) && IsOf(question, cursor.Window)
            ? cursor
            : throw new ApplianceException(
                ApplianceError.InvalidArgument,
                "cursor: it continues the answer to another question.",
                "Repeat the arguments of the call that gave it (filters, sort, window) beside the cursor, or leave it out to start anew.");
    }

    private static (RowCursor Cursor, string Mark)? Parse(string text, ICursorSeal? seal)
    {
        if (text.Length > LongestText || !Base64Url.IsValid(text))
        {
            return null;
        }

        var told = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        if (seal is not null)
        {
            var dot = told.LastIndexOf('.');
            if (dot < 0 || !seal.Fits(told[..dot], told[(dot + 1)..]))
            {
                return null;
            }

            told = told[..dot];
        }

        var parts = told.Split('.', 6);
        return parts.Length == 5
            && Number(parts[0]) is { } offset && offset <= RawTraffic.DeepestRow
            && Number(parts[1]) is { } start
            && Number(parts[2]) is { } end && start <= end && end <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            && new TimeWindow(start, end) is var window && LongestWindow.Holds(window)
            && RowSort.Of(parts[3]) is var sort && (sort is not null || parts[3].Length == 0)
                ? (new RowCursor(offset, window, sort), parts[4])
                : null;
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // Window, limit and form may be left out or change from page to page; the rows that are asked for may not. The same in every process.
    private static string Mark(Question question, string appliance)
    {
        var asked = AskedFilters.Of(question, question.Filters)
            .Select(field => $"{field.Name}={field.Value.Text ?? field.Value.Integer.ToString(CultureInfo.InvariantCulture)}");
        var text = string.Join('\n', [question.Investigation.Name, appliance, question.SubnetName ?? "", .. asked]).ToUpperInvariant();
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 9));
    }

    // A window given anew has to be the cursor's; "the last hour" and "today" go on from where they stood.
    private static bool IsOf(Question question, TimeWindow window) =>
        !question.HasWindow
        || (question.IsRelative
            ? question.Window.StartMs == window.StartMs || Math.Abs(question.Window.LengthMs - window.LengthMs) <= SlackMs
            : question.Window == window);
}
