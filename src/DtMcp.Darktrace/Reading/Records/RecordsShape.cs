using System.Text.Json;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Records;

/// <summary>
/// A page of Advanced Search (docs/APPLIANCE-API.md, A page):
/// <code>
/// {"timed_out":false,"_shards":{"failed":0},"hits":{"total":1,"hits":[{"_source":{"@fields":{"start_ts":1768467522.40136,
///  "epochdate":1768467522.40136,
///  "source_ip":"..","source_port":1,"dest_ip":"..","dest_port":2,"proto":"tcp","service":"ssl","duration":0.5,"orig_bytes":1,
///   "resp_bytes":2,"orig_pkts":3,"resp_pkts":4,
///  "conn_state":"SF","local_orig":true,"local_resp":"false","resp_cc":"PA","resp_asn":"AS64500 Example"},
///   "@timestamp":"2026-01-15T08:59:03"}}]},"darktraceChildError":""}
/// {"error":"Invalid to/from fields in custom range"}
/// </code>
/// The total may be an object with a <c>value</c>; Zeek's own names (<c>id.orig_h</c>, ..) are taken too.
/// </summary>
internal sealed class RecordsShape : AnswerShape
{
    private const int Hits = 2;
    private const int Total = 3;
    private const int HitList = 4;
    private const int Hit = 5;
    private const int TimedOut = 6;
    private const int ChildError = 7;
    private const int Shards = 8;
    private const int Error = 9;

    private readonly FlowSet _into;
    private readonly FlatEntry _entry = new();
    private readonly RecordEntry _record;
    private readonly RecordWriter _records;
    private readonly RecordRunReader? _runs;
    private long? _total;
    private long _failedShards;
    private int _hits;
    private bool _hasHits;
    private bool _timedOut;
    private string? _silentProbe;
    private string? _error;

    /// <param name="into">The set that takes the records.</param>
    /// <param name="window">Where they start; null takes all.</param>
    /// <param name="general">Whether every entry goes through the general reader, the reference of the fast one.</param>
    /// <param name="steps">What is known of the shape of entries; null learns it anew.</param>
    public RecordsShape(FlowSet into, TimeWindow? window, bool general = false, RecordSteps? steps = null)
    {
        _into = into;
        _record = new RecordEntry(into.Protocols, into.ApplicationProtocols);
        _records = new RecordWriter(into, window);
        _runs = general || !BitConverter.IsLittleEndian ? null : new RecordRunReader(_records, steps ?? new RecordSteps());
    }

    public override long Rows => _records.Rows;

    public RecordsPage Finish(long bytes)
    {
        _records.Finish();
        return new RecordsPage(Math.Max(_total ?? 0, _hits), _hits, _timedOut, bytes)
        {
            Outside = _records.Outside,
            ByInsertion = _records.ByInsertion,
            MissedBytes = _records.Missed.Bytes,
            MissedRows = _records.Missed.Rows,
            SilentProbe = _silentProbe,
            FailedShards = _failedShards,
            Error = _hasHits ? null : _error,
        };
    }

    public override int Key(int place, ReadOnlySpan<byte> key) => place switch
    {
        Root when key.SequenceEqual("hits"u8) => Hits,
        Root when key.SequenceEqual("timedout"u8) => TimedOut,
        Root when key.SequenceEqual("darktracechilderror"u8) => ChildError,
        Root when key.SequenceEqual("shards"u8) => Shards,
        Root when key.SequenceEqual("error"u8) => Error,
        Hits when key.SequenceEqual("total"u8) => Total,
        Hits when key.SequenceEqual("hits"u8) => HitList,
        _ => Nowhere,
    };

    public override int Element(int place) => place == HitList ? Hit : Nowhere;

    public override Opening Open(int place, bool isArray) => place switch
    {
        Root or Hits when !isArray => Opening.Enter,
        HitList when isArray => EnterList(),
        Hit when isArray => LeaveOut("array"u8),
        Total or Hit or Shards when !isArray => Opening.Take,
        ChildError or Error => Opening.Take,
        _ => Opening.Skip,
    };

    public override bool TryTake(int place, ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        switch (place)
        {
            case TimedOut:
                _timedOut = reader.TokenType == JsonTokenType.True;
                return true;
            case Hit when reader.TokenType == JsonTokenType.StartObject:
                return TryTakeHit(ref reader, text);
            case Hit:
                LeaveOut(reader.ValueSpan);
                return true;
            case Nowhere or Hits or HitList:
                return true;
            default:
                if (!_entry.TryRead(ref reader))
                {
                    return false;
                }

                TakeEntry(place);
                return true;
        }
    }

    public override int Run(int place, ReadOnlySpan<byte> text)
    {
        if (place != Hit || _runs is null)
        {
            return 0;
        }

        var (bytes, entries) = _runs.Read(text);
        _hits += entries;
        return bytes;
    }

    private bool TryTakeHit(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        var start = (int)reader.TokenStartIndex;
        if (!_record.TryRead(ref reader))
        {
            return false;
        }

        _hits++;
        _records.Write(_record);
        _runs?.Learn(text[start..(int)reader.BytesConsumed]);
        return true;
    }

    private void TakeEntry(int place)
    {
        switch (place)
        {
            case Total:
                _total = _entry.Size("value") ?? _entry.Size("");
                break;
            case Shards:
                _failedShards = _entry.Size("failed") ?? 0;
                break;
            case ChildError:
                _silentProbe = _entry.AllTexts;
                break;
            default:
                _error = _entry.AllTexts;
                break;
        }
    }

    // A hit that is no object has its place on the page all the same.
    private Opening LeaveOut(ReadOnlySpan<byte> hit)
    {
        _hits++;
        _into.Invalid.Add(InvalidKind.NoObject, "", hit);
        return Opening.Skip;
    }

    private Opening EnterList()
    {
        Repeated = _hits > 0 ? "hits" : null;
        _hasHits = true;
        return Opening.Enter;
    }
}
