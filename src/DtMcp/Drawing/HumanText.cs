using System.Globalization;
using System.Text.Json;

namespace DtMcp.Drawing;

/// <summary>Values as people read them: bytes in units of a thousand, thousands with commas, names as they are. Pure.</summary>
internal static class HumanText
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>A cell of the column or total <paramref name="name"/>.</summary>
    public static string Of(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when IsBytes(name) && value.TryGetInt64(out var bytes) => Bytes(bytes),
        JsonValueKind.Number when IsName(name) => value.GetRawText(),
        JsonValueKind.Number when value.TryGetInt64(out var number) => number.ToString("#,0", CultureInfo.InvariantCulture),
        JsonValueKind.Array => string.Join(' ', value.EnumerateArray().Select(item => Of("port", item))),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Null => "",
        _ => Sheet.Inert(value.ToString()),
    };

    /// <summary>With three digits: <c>4.59 GB</c>. The sign stays.</summary>
    public static string Bytes(long bytes)
    {
        var size = Math.Abs((double)bytes);
        var unit = 0;
        while (size >= 999.5 && unit < Units.Length - 1)
        {
            size /= 1000;
            unit++;
        }

        var digits = unit == 0 || size >= 99.95 ? "0" : size >= 9.995 ? "0.0" : "0.00";
        return $"{(bytes < 0 ? "-" : "")}{size.ToString(digits, CultureInfo.InvariantCulture)} {Units[unit]}";
    }

    public static bool IsBytes(string name) =>
        name == "bytes" || name.StartsWith("bytes_", StringComparison.Ordinal) || name.EndsWith("_bytes", StringComparison.Ordinal);

    // A number that counts nothing.
    private static bool IsName(string name) => name is "did" or "sid" or "pid" or "port" or "vlan" or "starttime" or "endtime"
        || name.EndsWith("_did", StringComparison.Ordinal) || name.EndsWith("_port", StringComparison.Ordinal)
        || name.EndsWith("port", StringComparison.Ordinal);
}
