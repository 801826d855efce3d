using System.Buffers.Text;
using System.Globalization;
using System.Text;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Querying;

namespace DtMcp.Traffic.Asking;

/// <summary>
/// Where the next page of rows starts: how many were shown, of which window and in which order. The window stands still, so that pages of "the last hour" fit together.
/// Opaque to callers.
/// </summary>
internal readonly record struct RowCursor(long Offset, TimeWindow Window, string? Sort)
{
    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Offset}.{Window.StartMs}.{Window.EndMs}.{Sort}")));

    public static RowCursor Parse(string text)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('.', 4);
            if (parts.Length == 4
                && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                && long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var start)
                && long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var end)
                && start <= end)
            {
                return new RowCursor(offset, new TimeWindow(start, end), parts[3].Length == 0 ? null : parts[3]);
            }
        }
        catch (FormatException)
        {
            // Not one of ours: refused below.
        }

        throw new ApplianceException(ApplianceError.InvalidArgument, "cursor: this is not a cursor of an earlier answer.", "Copy the cursor of the last answer as it is, or leave it out to start anew.");
    }
}
