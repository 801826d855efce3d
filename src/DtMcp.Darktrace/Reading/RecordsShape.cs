using System.Text.Json;

namespace DtMcp.Darktrace.Reading;

/// <summary>
/// A page of Advanced Search (docs/APPLIANCE-API.md, A page):
/// <code>
/// {"timed_out":false,"hits":{"total":1,"hits":[{"_source":{"@fields":{"source_ip":"..","source_port":1,"dest_ip":"..","dest_port":2,"proto":"tcp","service":"ssl",
///  "duration":0.5,"orig_bytes":1,"resp_bytes":2,"orig_pkts":3,"resp_pkts":4,"conn_state":"SF","ts":1768467522.25},"@timestamp":"2026-01-15T08:58:42"}}]}}
/// </code>
/// The total may be an object with a <c>value</c>; Zeek's own names (<c>id.orig_h</c>, ..) are taken too.
/// </summary>
internal sealed class RecordsShape(FlowSet into) : AnswerShape
{
    private const int Hits = 2;
    private const int Total = 3;
    private const int HitList = 4;
    private const int Hit = 5;
    private const int TimedOut = 6;

    private readonly FlatEntry _entry = new();
    private readonly RecordWriter _records = new(into);
    private long? _total;
    private int _noObjects;
    private bool _timedOut;

    public override long Rows => _records.Rows;

    public RecordsPage Finish(long bytes)
    {
        _records.Flush();
        return new RecordsPage(Math.Max(_total ?? 0, Rows), (int)Rows + _noObjects, _timedOut, bytes);
    }

    public override int Key(int place, ReadOnlySpan<byte> key) => place switch
    {
        Root when key.SequenceEqual("hits"u8) => Hits,
        Root when key.SequenceEqual("timedout"u8) => TimedOut,
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
        Total or Hit when !isArray => Opening.Take,
        _ => Opening.Skip,
    };

    public override bool TryTake(int place, ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        if (place == TimedOut)
        {
            _timedOut = reader.TokenType == JsonTokenType.True;
        }
        else if (place is Total or Hit)
        {
            if (!_entry.TryRead(ref reader))
            {
                return false;
            }

            if (place == Total)
            {
                _total = _entry.Size("value") ?? _entry.Size("");
            }
            else if (reader.TokenType == JsonTokenType.EndObject)
            {
                _records.Write(_entry);
            }
            else
            {
                LeaveOut(reader.ValueSpan);
            }
        }

        return true;
    }

    // A hit that is no object has its place on the page all the same.
    private Opening LeaveOut(ReadOnlySpan<byte> hit)
    {
        _noObjects++;
        into.Odd.Add(OddKind.NoObject, "", hit);
        return Opening.Skip;
    }

    private Opening EnterList()
    {
        Repeated = Rows > 0 ? "hits" : null;
        return Opening.Enter;
    }
}
