using DtMcp.Darktrace.Flows;

namespace DtMcp.Tests.Investigations.Hunting;

public class UploadRuleTests
{
    private const string Device = "10.0.0.5";
    private const string Outside = "203.0.113.9";

    [Fact]
    public void Bytes_that_a_sensor_made_up_are_no_upload_and_are_named()
    {
        var rows = new RowMaker();
        rows.Add(0, "10.0.0.5", "203.0.113.9", 443, sent: 4_000_000_000, received: 10, FlowTraits.SensorArtefact);
        var found = Hunts.Over(rows.Build(), kind: "upload");
        Assert.Empty(found.Table("findings").Rows);
        Assert.Contains(found.Notes, note => note.Contains("artefact", StringComparison.Ordinal));
    }

    [Fact]
    public void A_usual_backup_is_low_and_an_unusual_upload_to_the_same_place_a_step_less_sure()
    {
        var (before, now) = (new RowMaker(), new RowMaker());
        before.Add(0, "10.0.0.5", "203.0.113.9", 443, sent: 400_000_000, received: 1_000);
        before.Add(0, "10.0.0.6", "203.0.113.9", 443, sent: 2_000_000, received: 1_000);
        now.Add(Hunts.Day, "10.0.0.5", "203.0.113.9", 443, sent: 450_000_000, received: 1_000);
        now.Add(Hunts.Day, "10.0.0.6", "203.0.113.9", 443, sent: 450_000_000, received: 1_000);
        var found = Hunts.Of(now, "upload", before);
        Assert.Equal([("10.0.0.6", "medium"), ("10.0.0.5", "low")], found.Select(row => (row.Source, row.Confidence)));
    }

    [Theory]
    [InlineData(999_999, "none")]
    [InlineData(1_000_000, "low")]
    [InlineData(4_999_999, "low")]
    [InlineData(5_000_000, "medium")]
    [InlineData(99_999_999, "medium")]
    [InlineData(100_000_000, "high")]
    public void The_more_is_sent_the_surer(long sent, string confidence)
    {
        var rows = new RowMaker();
        rows.Add(0, Device, Outside, 443, sent, received: 1_000);

        Assert.Equal(confidence, Hunts.Of(rows, "upload").Confidence());
    }

    [Theory]
    [InlineData(3, 5_000_000, "medium")]
    [InlineData(4, 5_000_000, "low")]
    [InlineData(4, 24_999_999, "low")]
    [InlineData(4, 25_000_000, "medium")]
    [InlineData(4, 100_000_000, "high")]
    public void Without_a_usual_a_device_that_is_busy_elsewhere_must_send_more(int others, long sent, string confidence)
    {
        var rows = new RowMaker();
        rows.Add(0, Device, Outside, 443, sent, received: 1_000);
        Browse(rows, 60_000, others);

        Assert.Equal(confidence, Hunts.Of(rows, "upload").Confidence());
    }

    [Theory]
    [InlineData(12, 3, "low")]
    [InlineData(3, 3, "medium")]
    [InlineData(3, 2, "low")]
    [InlineData(12, 2, "low")]
    public void At_an_hour_at_which_a_device_is_quiet_what_it_sends_by_day_is_not_its_usual(int hour, int usualHour, string confidence)
    {
        // By day it sends 4 MB to another host; at three it does nothing, unless it did the same at two or three the day before.
        var (before, now) = (new RowMaker(), new RowMaker());
        before.Add(12 * Hunts.Hour, Device, "203.0.113.10", 443, sent: 4_000_000, received: 0);
        if (usualHour == 2)
        {
            before.Add(usualHour * Hunts.Hour, Device, "203.0.113.11", 443, sent: 4_000_000, received: 0);
        }

        Browse(before, 12 * Hunts.Hour, 20);
        now.Add(Hunts.Day + (hour * Hunts.Hour), Device, Outside, 443, sent: 5_000_000, received: 0);
        Browse(now, Hunts.Day + (12 * Hunts.Hour), 20);

        Assert.Equal(confidence, Hunts.Of(now, "upload", before).Confidence());
    }

    [Fact]
    public void What_goes_to_where_it_went_before_is_no_exception_by_night()
    {
        var (before, now) = (new RowMaker(), new RowMaker());
        before.Add(0, Device, Outside, 443, sent: 300_000, received: 0);
        before.Add(12 * Hunts.Hour, Device, "203.0.113.10", 443, sent: 4_000_000, received: 0);
        now.Add(Hunts.Day + (3 * Hunts.Hour), Device, Outside, 443, sent: 5_000_000, received: 0);

        Assert.Equal("low", Hunts.Of(now, "upload", before).Confidence());
    }

    [Theory]
    [InlineData(25, 34_999_999, "low")]
    [InlineData(587, 35_000_000, "medium")]
    [InlineData(443, 34_999_999, "medium")]
    public void Mail_holds_attachments(ushort port, long sent, string confidence)
    {
        var rows = new RowMaker();
        rows.Add(0, Device, Outside, port, sent, received: 1_000);

        Assert.Equal(confidence, Hunts.Of(rows, "upload").Confidence());
    }

    [Theory]
    [InlineData(2, "high")]
    [InlineData(13, "low")]
    public void What_just_began_is_no_usual_and_what_goes_on_for_half_a_day_is(int hours, string confidence)
    {
        var (before, now) = (new RowMaker(), new RowMaker());
        for (var hour = 0; hour < hours; hour++)
        {
            before.Add(Hunts.Day - ((hour + 1) * Hunts.Hour), Device, Outside, 443, sent: 400_000_000, received: 10);
        }

        before.Add(0, Device, "203.0.113.10", 443, sent: 10, received: 10);
        now.Add(Hunts.Day, Device, Outside, 443, sent: 400_000_000, received: 10);

        Assert.Equal(confidence, Hunts.Of(now, "upload", before).Confidence());
    }

    [Theory]
    [InlineData(2_000_000, "medium")]
    [InlineData(2_000_001, "none")]
    public void An_upload_sends_three_times_what_it_receives(long received, string confidence)
    {
        var rows = new RowMaker();
        rows.Add(0, Device, Outside, 443, sent: 6_000_000, received);

        Assert.Equal(confidence, Hunts.Of(rows, "upload").Confidence());
    }

    [Fact]
    public void Connections_over_several_ports_to_one_destination_are_one_upload_with_all_that_was_sent()
    {
        var rows = new RowMaker();
        rows.Add(0, Device, Outside, 443, sent: 600_000, received: 10);
        rows.Add(1_000, Device, Outside, 8443, sent: 700_000, received: 20);
        rows.Add(2_000, Device, Outside, 443, sent: 99_999, received: 0);
        rows.Add(3_000, Device, "203.0.113.10", 443, sent: 900_000, received: 0);

        var found = Assert.Single(Hunts.Of(rows, "upload"));

        Assert.Equal((Outside, 8443, 3, 1_399_999), (found.Destination, found.Port, found.Connections, found.BytesOut));
    }

    [Theory]
    [InlineData(20_000_000, "high")]
    [InlineData(20_000_001, "low")]
    public void Five_times_the_usual_is_unusual(long usual, string confidence)
    {
        var (before, now) = (new RowMaker(), new RowMaker());
        before.Add(0, Device, "203.0.113.10", 443, usual, received: 0);
        now.Add(Hunts.Day, Device, Outside, 443, sent: 100_000_000, received: 0);

        Assert.Equal(confidence, Hunts.Of(now, "upload", before).Confidence());
    }

    [Fact]
    public void What_is_sent_to_a_device_inside_or_fetched_from_one_is_no_upload()
    {
        var rows = new RowMaker();
        rows.Add(0, Device, "10.0.0.9", 445, sent: 500_000_000, received: 0);
        rows.Add(0, Outside, Device, 443, sent: 500_000_000, received: 0);

        Assert.Empty(Hunts.Of(rows, "upload"));
    }

    [Fact]
    public void Rows_without_the_split_give_none_and_say_so()
    {
        var rows = new RowMaker(FlowFields.BytesOut);
        rows.Add(0, Device, Outside, 443, sent: 500_000_000, received: 0);

        var found = Hunts.Over(rows.Build(), kind: "upload");

        Assert.Empty(found.Found());
        Assert.Contains(found.Notes, note => note.Contains("uploads cannot be told", StringComparison.Ordinal));
    }

    private static void Browse(RowMaker rows, long from, int hosts)
    {
        for (var host = 1; host <= hosts; host++)
        {
            rows.Add(from + (host * 1_000), Device, $"198.51.100.{host}", 443, sent: 900, received: 9_000);
        }
    }
}
