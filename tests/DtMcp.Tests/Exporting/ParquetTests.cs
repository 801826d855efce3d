using DtMcp.Exporting.Parquet;
using DtMcp.Exporting.Tables;
using DtMcp.Simulator.Records.Addresses;
using DtMcp.Simulator.Records.Exports;
using DtMcp.Simulator.Setup;

namespace DtMcp.Tests.Exporting;

/// <summary>Any table comes back as it was written, and a broken file is refused.</summary>
public class ParquetTests
{
    private const int Capacity = 3_000;

    [Fact]
    public void Any_table_is_read_back()
    {
        var random = new Random(18);
        for (var round = 0; round < 60; round++)
        {
            List<Column> columns = [.. Enum.GetValues<ColumnKind>().Select(static kind => new Column($"c.{kind}", kind, Capacity))];
            using var stream = new MemoryStream();
            using var file = new ParquetFile(stream);
            List<(int Rows, List<object?[]> Values)> written = [];
            for (var part = random.Next(0, 4); part > 0; part--)
            {
                var rows = random.Next(1, Capacity + 1);
                columns.ForEach(static column => column.Words.Clear());
                written.Add((rows, [.. columns.Select(column => Fill(random, column, rows))]));
                file.Write(columns, rows);
            }

            file.Finish(columns);
            var read = ParquetTable.Read(stream).ToList();
            Assert.Equal(written.Select(static part => part.Rows), read.Select(static part => part.Rows));
            for (var part = 0; part < written.Count; part++)
            {
                for (var i = 0; i < columns.Count; i++)
                {
                    var column = read[part].Columns[columns[i].Name];
                    var values = written[part].Values[i];
                    Assert.Equal(values, Enumerable.Range(0, values.Length).Select(row => Value(columns[i].Kind, column, row)));
                }
            }
        }
    }

    [Fact]
    public void A_broken_file_is_refused_and_nothing_worse()
    {
        var folder = Directory.CreateTempSubdirectory("dtmcp-parquet");
        try
        {
            var path = Path.Combine(folder.FullName, "00.parquet");
            var whole = Exported();
            var random = new Random(4);
            for (var round = 0; round < 1_500; round++)
            {
                var bytes = (byte[])whole.Clone();
                for (var change = random.Next(1, 4); change > 0; change--)
                {
                    // The heads stand at the end.
                    bytes[random.Next(round % 2 == 0 ? 0 : bytes.Length - 900, bytes.Length)] = (byte)random.Next(256);
                }

                File.WriteAllBytes(path, random.Next(8) == 0 ? bytes[random.Next(bytes.Length)..] : bytes);
                try
                {
                    ExportedRecords.Load(folder.FullName, AddressRules.From([]), TestContext.Current.CancellationToken);
                }
                catch (SimulatorException refused)
                {
                    Assert.StartsWith($"cannot read the records of {path}: ", refused.Message, StringComparison.Ordinal);
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_full_disk_is_no_fault_of_the_appliance()
    {
        using var full = new FullDisk();
        Assert.Throws<DtMcp.Configuration.SetupException>(() => Export(full));
    }

    private static byte[] Exported()
    {
        using var stream = new MemoryStream();
        Export(stream);
        return stream.ToArray();
    }

    private static void Export(Stream stream)
    {
        var table = new ConnTable();
        using var file = new ParquetFile(stream);
        table.Begin(file);
        var flows = new DtMcp.Darktrace.Flows.FlowSet(0, table) { ShowsWhileReading = true };
        var chunk = flows.Rent();
        for (var i = 0; i < 200; i++)
        {
            chunk.SetStart(i, 1_772_000_000_000 + i);
            chunk.Source[i] = flows.Hosts.GetOrAdd(DtMcp.Darktrace.Values.NetAddress.FromIPv4(0x0A000000u + (uint)(i % 9)), long.MinValue);
            chunk.Destination[i] = flows.Hosts.GetOrAdd(DtMcp.Darktrace.Values.NetAddress.FromIPv4(0xCB007100u + (uint)i), long.MinValue);
            (chunk.SourcePort[i], chunk.DestinationPort[i]) = ((ushort)(50_000 + i), 443);
            (chunk.Protocol[i], chunk.ApplicationProtocol[i]) = (flows.Protocols.GetOrAdd("tcp"u8), 0);
            (chunk.Duration[i], chunk.Bytes[i], chunk.Packets[i], chunk.Traits[i]) = (i, i * 100, i, default);
            chunk.SetBytesOut(i, i);
            chunk.Count = i + 1;
        }

        flows.Seen = (DtMcp.Darktrace.Flows.FlowFields)int.MaxValue;
        flows.Accept(chunk);
        flows.Settle();
        table.Finish();
    }

    private sealed class FullDisk : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device.");
    }

    private static object?[] Fill(Random random, Column column, int rows)
    {
        // All values, none, or some.
        var missing = random.Next(3) switch { 0 => 0.0, 1 => 1.0, _ => random.NextDouble() };
        var words = random.Next(1, 700);
        var values = new object?[rows];
        for (var row = 0; row < rows; row++)
        {
            if (random.NextDouble() < missing)
            {
                column[row] = Column.None;
                continue;
            }

            (column[row], values[row]) = column.Kind switch
            {
                ColumnKind.Word => Word(column, new string('ü', random.Next(3)) + random.Next(words)),
                ColumnKind.Seconds => Real(random.Next(4) == 0 ? 0 : random.NextDouble() * 1e6),
                ColumnKind.Flag => Whole(random.Next(2)),
                ColumnKind.Port => Whole(random.Next(65_536)),
                _ => Whole(random.NextInt64()),
            };
        }

        return values;

        static (long, object?) Word(Column column, string word) => (column.Words.Of(word), word);
        static (long, object?) Whole(long number) => (number, number);
        static (long, object?) Real(double number) => (BitConverter.DoubleToInt64Bits(number), number);
    }

    private static object? Value(ColumnKind kind, ParquetColumn column, int row) => kind switch
    {
        ColumnKind.Word => column.Text(row),
        ColumnKind.Seconds => column.Real(row),
        _ => column.Number(row),
    };
}
