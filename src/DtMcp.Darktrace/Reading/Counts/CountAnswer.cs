using System.Text.Json;
using DtMcp.Darktrace.Reading.Companions;

namespace DtMcp.Darktrace.Reading.Counts;

/// <summary>What every answer of a count says beside the count.</summary>
public abstract record CountAnswer
{
    /// <summary>Records that match; null when the appliance does not say it or says "at least".</summary>
    public long? Total { get; internal init; }

    /// <summary>Whether the count ran out of time on the appliance.</summary>
    public bool TimedOut { get; internal init; }

    /// <summary>The probe that did not answer (<c>darktraceChildError</c>), or null. Untrusted text.</summary>
    public string? SilentProbe { get; internal init; }

    /// <summary>Parts of the index that failed.</summary>
    public long FailedShards { get; internal init; }

    /// <summary>Whether a part of the appliance did not answer: then figures are at least what they say.</summary>
    public bool IsPartial => TimedOut || SilentProbe is not null || FailedShards > 0;

    /// <summary>What the appliance says in <c>error</c>, where it refuses a count with status 200, or null. Untrusted text.</summary>
    internal string? Error { get; init; }
}

/// <summary>The parts that answers share, while they are read.</summary>
internal sealed class CountParts
{
    private long? _total;
    private bool _timedOut;
    private string? _silentProbe;
    private long _failedShards;
    private string? _error;
    private bool _counts;
    private int? _next;

    internal delegate void Aggregation(ref Utf8JsonReader reader, string name);

    /// <summary>The number of the day before that a graph has more of; null when there is none.</summary>
    public int? Next => _next;

    /// <summary>Reads the answer; each aggregation that is an object is handed over, and has to be read to its end.</summary>
    public static CountParts Read(ref Utf8JsonReader reader, Aggregation aggregation)
    {
        var parts = new CountParts();
        if (!JsonFields.IsObject(ref reader))
        {
            throw CompanionBody.Bad("is no count", null);
        }

        while (JsonFields.NextField(ref reader, out var name))
        {
            switch (name)
            {
                case "hits": parts.ReadHits(ref reader); break;
                case "timed_out": parts._timedOut = JsonFields.Truth(ref reader) == true; break;
                case "darktracechilderror": parts._silentProbe = Said(ref reader); break;
                case "error": parts._error = Said(ref reader); break;
                case "_shards": parts.ReadShards(ref reader); break;
                case "kibana": parts.ReadKibana(ref reader); break;
                case "aggregations": parts.ReadAggregations(ref reader, aggregation); break;
                default: reader.Skip(); break;
            }
        }

        return parts;
    }

    /// <summary>The answer with what all share; an answer that counts nothing and refuses nothing is none.</summary>
    public T Into<T>(T answer)
        where T : CountAnswer => !_counts && _error is null
        ? throw CompanionBody.Bad("is no count", null)
        : answer with
        {
            Total = _total,
            TimedOut = _timedOut,
            SilentProbe = _silentProbe,
            FailedShards = _failedShards,
            Error = _counts ? null : _error,
        };

    // A text, or whatever else says that something is wrong; nothing where it is empty.
    private static string? Said(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            reader.Skip();
            return "?";
        }

        return JsonFields.Text(ref reader);
    }

    private void ReadHits(ref Utf8JsonReader reader)
    {
        if (!JsonFields.IsObject(ref reader))
        {
            return;
        }

        while (JsonFields.NextField(ref reader, out var name))
        {
            if (name == "total")
            {
                _total = JsonFields.Total(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadShards(ref Utf8JsonReader reader)
    {
        if (!JsonFields.IsObject(ref reader))
        {
            return;
        }

        while (JsonFields.NextField(ref reader, out var name))
        {
            if (name == "failed")
            {
                _failedShards = Math.Max(0, JsonFields.Whole(ref reader) ?? 0);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadKibana(ref Utf8JsonReader reader)
    {
        if (!JsonFields.IsObject(ref reader))
        {
            return;
        }

        while (JsonFields.NextField(ref reader, out var name))
        {
            if (name == "next")
            {
                _next = JsonFields.Whole(ref reader) is { } next and > 0 and < int.MaxValue ? (int)next : null;
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadAggregations(ref Utf8JsonReader reader, Aggregation aggregation)
    {
        if (!JsonFields.IsObject(ref reader))
        {
            return;
        }

        while (JsonFields.NextField(ref reader, out var name))
        {
            if (JsonFields.IsObject(ref reader))
            {
                _counts = true;
                aggregation(ref reader, name);
            }
        }
    }
}
