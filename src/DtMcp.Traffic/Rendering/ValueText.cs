using System.Globalization;
using System.Text;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Rendering;

/// <summary>Values as every form writes them: digits without separators, one decimal, UTC.</summary>
internal static class ValueText
{
    /// <summary><c>YYYY-MM-DD HH:MM:SS</c> in the answer's zone.</summary>
    public static string From(TimeWindow window, Scope scope) => Time(window.StartMs, scope.Zone);

    public static string To(TimeWindow window, Scope scope) => Time(window.EndMs, scope.Zone);

    public static bool IsKnown(Cell cell) => cell.Kind != CellKind.Absent && (cell.Kind != CellKind.Number || double.IsFinite(cell.Number));

    public static string Number(double value) => value.ToString("F1", CultureInfo.InvariantCulture);

    /// <summary>Values of a list shown, and whether there are more.</summary>
    public static int Listed(Cell cell, int cap) => Math.Min(cap, cell.Kind == CellKind.Integers ? cell.Integers.Count : cell.Texts.Count);

    public static bool IsList(Cell cell) => cell.Kind is CellKind.Integers or CellKind.Texts;

    /// <summary>How many values a list has in all, where that is more than are shown; else null.</summary>
    public static long? ListOf(Cell cell, int cap)
    {
        if (!IsList(cell))
        {
            return null;
        }

        var of = Math.Max(cell.ListOf, Listed(cell, int.MaxValue));
        return of > Listed(cell, cap) ? of : null;
    }

    /// <summary>A value that is no list, or the values of a list with <paramref name="between"/> between them.</summary>
    public static void Append(StringBuilder to, Cell cell, Shape shape, TextPlace place, char between)
    {
        switch (cell.Kind)
        {
            case CellKind.Integer:
                to.Append(CultureInfo.InvariantCulture, $"{cell.Integer}");
                break;
            case CellKind.Number when IsKnown(cell):
                to.Append(Number(cell.Number));
                break;
            case CellKind.Boolean:
                to.Append(cell.Boolean ? "true" : "false");
                break;
            case CellKind.Moment:
                to.Append(cell.MomentIn(shape.Zone));
                break;
            case CellKind.Text:
                SafeText.Append(to, cell.Text, shape.CapOf(cell), place);
                break;
            case CellKind.Integers:
            case CellKind.Texts:
                for (var i = 0; i < Listed(cell, shape.ListCap); i++)
                {
                    if (i > 0)
                    {
                        to.Append(between);
                    }

                    if (cell.Kind == CellKind.Integers)
                    {
                        to.Append(CultureInfo.InvariantCulture, $"{cell.Integers[i]}");
                    }
                    else
                    {
                        SafeText.Append(to, cell.Texts[i], shape.TextCap, place);
                    }
                }

                break;
            default:
                break;
        }
    }

    private static string Time(long ms, TimeZoneInfo zone) => TimeText.Second(ms, zone) ?? ms.ToString(CultureInfo.InvariantCulture);
}
