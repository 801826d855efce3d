using System.Text.Json;
using DtMcp.Darktrace.Reading.Companions;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.NameRecords;

/// <summary>A name that was looked up or called. Texts come from the network and are untrusted.</summary>
/// <param name="TimeMs">Milliseconds since 1970; null when it is not told.</param>
/// <param name="Source">Who asked or called.</param>
/// <param name="Host">Who was asked or called.</param>
/// <param name="Name">The name, in lower case, without a dot at its end.</param>
public sealed record NameRecord(long? TimeMs, NetAddress Source, NetAddress Host, string Name)
{
    /// <summary>The ports of both ends, which with the time say whose connection it was; null where they are not told.</summary>
    public (int Source, int Host)? Ports { get; init; }

    /// <summary>Of DNS: the addresses among the answers.</summary>
    public IReadOnlyList<NetAddress> Answers { get; init; } = [];

    /// <summary>Of DNS: what went wrong (<c>NXDOMAIN</c>), or null.</summary>
    public string? Failure { get; init; }

    /// <summary>Of HTTP.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Of DNS: whether nobody has the name.</summary>
    public bool IsNowhere => Failure is { } failure
        && (failure.Contains("NXDOMAIN", StringComparison.OrdinalIgnoreCase) || failure is "3" || failure.Contains("name error",
            StringComparison.OrdinalIgnoreCase));

    /// <summary>The <c>_source</c> of an entry; null where it has no name or no source.</summary>
    internal static NameRecord? Parse(ref Utf8JsonReader reader)
    {
        NameRecord? record = null;
        while (JsonFields.NextField(ref reader, out var name))
        {
            if (name == "@fields" && JsonFields.IsObject(ref reader))
            {
                record = Fields(ref reader);
            }
            else if (name != "@fields")
            {
                reader.Skip();
            }
        }

        return record;
    }

    private static NameRecord? Fields(ref Utf8JsonReader reader)
    {
        var (time, name, failure, agent) = ((double?)null, (string?)null, (string?)null, (string?)null);
        var (source, host) = (NetAddress.None, NetAddress.None);
        var (from, to) = ((double?)null, (double?)null);
        List<NetAddress> answers = [];
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "epochdate": time = JsonFields.Number(ref reader); break;
                case "source_ip": source = Address(ref reader); break;
                case "dest_ip": host = Address(ref reader); break;
                case "source_port": from = JsonFields.Number(ref reader); break;
                case "dest_port": to = JsonFields.Number(ref reader); break;
                case "query" or "server_name" or "host": name = JsonFields.Text(ref reader); break;
                case "answers": ReadAnswers(ref reader, answers); break;
                case "err_code": failure = JsonFields.Text(ref reader); break;
                case "user_agent": agent = JsonFields.Text(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        var plain = name?.Trim().TrimEnd('.').ToLowerInvariant();
        return string.IsNullOrEmpty(plain) || !source.IsPresent
            ? null
            : new NameRecord(Milliseconds(time), source, host, plain)
            {
                Ports = Port(from) is { } own && Port(to) is { } other ? (own, other) : null,
                Answers = answers,
                Failure = failure,
                UserAgent = agent,
            };
    }

    private static int? Port(double? port) => port is >= 0 and <= ushort.MaxValue ? (int)port.Value : null;

    private static long? Milliseconds(double? seconds) =>
        seconds is > 0 and < 253_402_300_799 ? (long)Math.Round(seconds.Value * 1000) : null;

    private static NetAddress Address(ref Utf8JsonReader reader) =>
        NetAddress.TryParse(JsonFields.Text(ref reader), out var address) ? address : NetAddress.None;

    private static void ReadAnswers(ref Utf8JsonReader reader, List<NetAddress> answers)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Add(JsonFields.Text(ref reader));
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Add(JsonFields.Text(ref reader));
        }

        void Add(string? text)
        {
            if (NetAddress.TryParse(text, out var address))
            {
                answers.Add(address);
            }
        }
    }
}
