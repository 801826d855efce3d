using System.Globalization;

namespace DtMcp.Simulator.Records.ConnLogs;

/// <summary>
/// Zeek's TSV. The header says how to read what follows:
/// <code>
/// #separator \x09
/// #empty_field    (empty)
/// #unset_field    -
/// #fields ts      uid     id.orig_h ...
/// </code>
/// </summary>
internal sealed class ConnLogTsv
{
    private string _separator = "\t";
    private string _unset = "-";
    private string _empty = "(empty)";
    private string[]? _fields;

    public void ReadHeader(string line)
    {
        if (line.StartsWith("#separator ", StringComparison.Ordinal))
        {
            _separator = Unescape(line["#separator ".Length..].Trim(' '));
            return;
        }

        var parts = line.Split(_separator);
        switch (parts[0])
        {
            case "#fields":
                _fields = parts[1..];
                break;
            case "#unset_field" when parts.Length > 1:
                _unset = parts[1];
                break;
            case "#empty_field" when parts.Length > 1:
                _empty = parts[1];
                break;
            case "#path" when parts.Length > 1 && !parts[1].StartsWith("conn", StringComparison.Ordinal):
                throw new FormatException($"this is Zeek's {parts[1]}.log, not a conn.log");
            default:
                break;
        }
    }

    public ConnLogEntry Read(string line)
    {
        var fields = _fields ?? throw new FormatException("no #fields line before the first row; is this a Zeek conn.log?");
        var values = line.Split(_separator);
        if (values.Length != fields.Length)
        {
            throw new FormatException($"{values.Length} values for {fields.Length} fields");
        }

        var entry = new ConnLogEntry();
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] != _unset && values[i] != _empty && values[i].Length > 0)
            {
                entry.Set(fields[i], values[i].Contains("\\x", StringComparison.Ordinal) ? Unescape(values[i]) : values[i]);
            }
        }

        return entry;
    }

    /// <summary><c>\x09</c> is a tab: Zeek writes its separators, and bytes that would read as one, in hex.</summary>
    private static string Unescape(string text)
    {
        var plain = new System.Text.StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text[i + 1] == 'x'
                && byte.TryParse(text.AsSpan(i + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                plain.Append((char)value);
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
