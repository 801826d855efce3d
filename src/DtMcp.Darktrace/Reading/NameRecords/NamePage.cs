using System.Text.Json;
using DtMcp.Darktrace.Reading.Companions;

namespace DtMcp.Darktrace.Reading.NameRecords;

/// <summary>
/// A page of a search for names, newest first: <c>{"timed_out":false,"hits":{"total":2,"hits":[{"_source":{"@fields":{...}}}]}}</c>.
/// </summary>
public sealed record NamePage
{
    /// <summary>Entries that match; null when the appliance does not say it or says "at least".</summary>
    public long? Total { get; internal init; }

    public required IReadOnlyList<NameRecord> Records { get; init; }

    /// <summary>Entries of the page, those without a name with them.</summary>
    public int Hits { get; internal init; }

    /// <summary>Whether a part of the appliance did not answer, so that there may be more.</summary>
    public bool IsPartial { get; internal init; }

    /// <summary>What the appliance says in <c>error</c>, where it refuses a search with status 200, or null. Untrusted text.</summary>
    internal string? Error { get; init; }

    internal static NamePage Parse(ref Utf8JsonReader reader)
    {
        if (!JsonFields.IsObject(ref reader))
        {
            throw CompanionBody.Bad("is no page of a search", null);
        }

        List<NameRecord> records = [];
        var page = new NamePage { Records = records };
        var isThere = false;
        while (JsonFields.NextField(ref reader, out var name))
        {
            switch (name)
            {
                case "timed_out": page = JsonFields.Truth(ref reader) == true ? page with { IsPartial = true } : page; break;
                case "darktracechilderror": page = JsonFields.Text(ref reader) is not null ? page with { IsPartial = true } : page; break;
                case "error": page = page with { Error = JsonFields.Text(ref reader) ?? "?" }; break;
                case "hits" when JsonFields.IsObject(ref reader):
                    isThere = true;
                    page = ReadHits(ref reader, page, records);
                    break;
                default: reader.Skip(); break;
            }
        }

        return isThere ? page with { Error = null }
            : page.Error is not null ? page
            : throw CompanionBody.Bad("is no page of a search", null);
    }

    private static NamePage ReadHits(ref Utf8JsonReader reader, NamePage page, List<NameRecord> records)
    {
        while (JsonFields.NextField(ref reader, out var name))
        {
            switch (name)
            {
                case "total": page = page with { Total = JsonFields.Total(ref reader) }; break;
                case "hits" when reader.TokenType == JsonTokenType.StartArray:
                    while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    {
                        page = page with { Hits = page.Hits + 1 };
                        if (JsonFields.IsObject(ref reader) && Source(ref reader) is { } record)
                        {
                            records.Add(record);
                        }
                    }

                    break;
                default: reader.Skip(); break;
            }
        }

        return page;
    }

    private static NameRecord? Source(ref Utf8JsonReader reader)
    {
        NameRecord? record = null;
        while (JsonFields.NextField(ref reader, out var name))
        {
            if (name == "_source" && JsonFields.IsObject(ref reader))
            {
                record = NameRecord.Parse(ref reader);
            }
            else if (name != "_source")
            {
                reader.Skip();
            }
        }

        return record;
    }
}
