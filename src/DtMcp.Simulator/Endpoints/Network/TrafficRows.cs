using System.Text.Json;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>
/// The sdk dialect: one row a connection, in order of start, and a summary at the end. Rows are copied together from parts made once, so
/// millions of them cost little and none is kept.
/// <code>
/// {"traffic":[
/// {"sourcedevice":{...},"destinationdevice":{...},"protocol":"tcp","sourceport":54321,"destinationport":3306,
///  "applicationprotocol":"mysql",
///  "bytes":1048576,"packets":768,"duration":300,"starttime":1705320000000,"endtime":1705320300000,"direction":"internal",
///   "flags":["established","ack"]}
/// ],"summary":{"totalconnections":1,"totalbytes":1048576,"totalpackets":768,"timerange":{"start":...,"end":...},
///  "topprotocols":[{"protocol":"tcp","percentage":78.5}],"topports":[{"port":443,"percentage":45.2}]}}
/// </code>
/// <c>responsedata</c> takes names of the top level and of a row's fields, which then stand alone in the rows. What a record does not know
/// (application protocol, duration) is left out.
/// </summary>
internal sealed class TrafficRows(RecordSet records, NetworkQuery query, Selection selection)
{
    private readonly HostJson _hosts = new(records, query.FullDeviceDetails);
    private readonly byte[][] _protocols = Quoted(records.Protocols);
    private readonly byte[][] _services = Quoted(records.Services);
    private readonly RowField _fields = RowFields.From(query);
    private readonly TrafficTally _tally = new(records);

    public async Task WriteAsync(AnswerWriter answer, CancellationToken cancellationToken)
    {
        var wantsRows = query.Wants("traffic") || _fields != RowField.All;
        var wantsSummary = query.Wants("summary");
        answer.Write("{"u8);
        if (wantsRows)
        {
            answer.Write("\"traffic\":["u8);
        }

        if (wantsRows || wantsSummary)
        {
            await WriteRowsAsync(answer, wantsRows, cancellationToken).ConfigureAwait(false);
        }

        answer.Write(wantsRows ? wantsSummary ? "\n],"u8 : "\n]"u8 : default);
        if (wantsSummary)
        {
            answer.Write("\"summary\":"u8);
            using var json = new Utf8JsonWriter(answer, new JsonWriterOptions { SkipValidation = true });
            _tally.Write(json, query.Filter);
            json.Flush();
        }

        answer.Write("}"u8);
    }

    private async Task WriteRowsAsync(AnswerWriter answer, bool wantsRows, CancellationToken cancellationToken)
    {
        var isFirst = true;
        foreach (var index in selection)
        {
            _tally.Add(records.Rows[index]);
            if (!wantsRows)
            {
                continue;
            }

            answer.Write(isFirst ? "\n"u8 : ",\n"u8);
            isFirst = false;
            WriteRow(answer, records.Rows[index]);
            answer.Rows++;
            await answer.DrainAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void WriteRow(AnswerWriter answer, in ConnectionRecord row)
    {
        var part = new RowPart(answer, _fields);
        part.Raw(RowField.SourceDevice, "\"sourcedevice\":"u8, _hosts[row.Source]);
        part.Raw(RowField.DestinationDevice, "\"destinationdevice\":"u8, _hosts[row.Destination]);
        part.Raw(RowField.Protocol, "\"protocol\":"u8, _protocols[row.Protocol]);
        part.Number(RowField.SourcePort, "\"sourceport\":"u8, row.SourcePort);
        part.Number(RowField.DestinationPort, "\"destinationport\":"u8, row.DestinationPort);
        if (row.Service != 0)
        {
            part.Raw(RowField.ApplicationProtocol, "\"applicationprotocol\":"u8, _services[row.Service]);
        }

        part.Number(RowField.Bytes, "\"bytes\":"u8, row.Bytes);
        part.Number(RowField.Packets, "\"packets\":"u8, row.Packets);
        if (row.HasDuration)
        {
            part.Seconds(RowField.Duration, "\"duration\":"u8, row.DurationSeconds);
        }

        part.Number(RowField.StartTime, "\"starttime\":"u8, row.StartMs);
        part.Number(RowField.EndTime, "\"endtime\":"u8, row.EndMs);
        part.Raw(RowField.Direction, "\"direction\":"u8, records.IsInternal(row) ? "\"internal\""u8 : "\"external\""u8);
        part.Raw(RowField.Flags, "\"flags\":"u8, Flags(row.State));
        part.End();
    }

    /// <summary>Names as JSON strings in lower case, as the row shape has them.</summary>
    private static byte[][] Quoted(NameTable names)
    {
        var quoted = new byte[names.Count][];
        for (var i = 0; i < quoted.Length; i++)
        {
            quoted[i] = [(byte)'"', .. JsonEncodedText.Encode(names[i].ToLowerInvariant()).EncodedUtf8Bytes, (byte)'"'];
        }

        return quoted;
    }

    private static ReadOnlySpan<byte> Flags(ConnState state) => state switch
    {
        ConnState.S0 or ConnState.SH => "[\"attempt\",\"syn\"]"u8,
        ConnState.SHR => "[\"attempt\",\"fin\"]"u8,
        ConnState.REJ => "[\"rejected\",\"rst\"]"u8,
        ConnState.SF => "[\"established\",\"ack\",\"fin\"]"u8,
        ConnState.S1 => "[\"established\",\"ack\"]"u8,
        ConnState.S2 or ConnState.S3 => "[\"established\",\"half-closed\"]"u8,
        ConnState.RSTO or ConnState.RSTR => "[\"established\",\"rst\"]"u8,
        ConnState.RSTOS0 or ConnState.RSTRH => "[\"attempt\",\"rst\"]"u8,
        _ => "[]"u8,
    };
}
