using System.Globalization;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;
using DtMcp.Traffic.Evidence.Sharing;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence;

/// <summary>
/// The list of <c>/devices</c>, which names the addresses of records: asked as a stream with no more members than naming needs, once for
/// all who want it at the same
/// time, and kept for some minutes. A failure is a sentence for notes.
/// </summary>
internal sealed class DeviceDirectory(DarktraceClient client, InvestigatorOptions options, TimeProvider time, ApplianceMemory memory)
{
    private const string Endpoint = "/devices";
    private const string Members =
        "did,id,sid,ip,ips,interfaces,vdihost,deduplicated_ids,hostname,devicelabel,os,typename,typelabel,lastSeen,endtime";
    private const long HourMs = 3_600_000;
    private const long DayMs = 24 * HourMs;

    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(5);

    private readonly UnderWay<long, DeviceList> _underWay = new();
    private volatile Kept? _kept;

    /// <summary>The devices seen since an hour before then, and why there are none or not all.</summary>
    public async Task<(DeviceList Devices, string? Failure)> SinceAsync(long startMs, bool refresh, CancellationToken cancellationToken)
    {
        if (!memory.MayTry(Endpoint))
        {
            return (DeviceList.Empty, memory.WhyRefused(Endpoint));
        }

        // Whole days, so that windows of different lengths share a list.
        var now = time.GetUtcNow();
        var days = Math.Max(1, (now.ToUnixTimeMilliseconds() - startMs + HourMs + DayMs - 1) / DayMs);
        if (!refresh && _kept is { } kept && kept.Days >= days && now - kept.ReadAt <= Keep)
        {
            return Result(kept.Devices);
        }

        try
        {
            return Result(await _underWay.ShareAsync(days, (longer, _) => longer >= days, (_, token) => ReadAsync(days, token), null,
                cancellationToken).ConfigureAwait(false));
        }
        catch (ApplianceException error)
        {
            var why = $"Names of devices are missing: {error.Happened} {error.Remedy}";
            memory.Remember(Endpoint, error, why);
            return (DeviceList.Empty, why);
        }
    }

    private static (DeviceList, string?) Result(DeviceList devices) => (
        devices,
        devices.LeftOut == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"Names of {devices.LeftOut} devices are missing: the appliance has more devices than are kept ({DeviceList.MaxBytes >> 20} " +
            $"MiB)."));

    private async Task<DeviceList> ReadAsync(long days, CancellationToken cancellationToken)
    {
        var query = new DevicesQuery { SeenSince = string.Create(CultureInfo.InvariantCulture, $"{days}day"), ResponseData = Members };
        DeviceList? list = null;
        try
        {
            list = await OnceAsync(query, cancellationToken).ConfigureAwait(false);
        }
        catch (ApplianceException error) when (error.Error == ApplianceError.RequestRejected)
        {
            // A version that does not take that list of members; it is asked for all of them.
        }

        list ??= await OnceAsync(query with { ResponseData = null }, cancellationToken).ConfigureAwait(false) ?? DeviceList.Empty;
        if (list.Size <= options.CacheBytes / 2)
        {
            _kept = new Kept(list, days, time.GetUtcNow());
        }

        return list;
    }

    // Null when there were elements and none of them was a device: the members that were asked for are not known by these names.
    private async Task<DeviceList?> OnceAsync(DevicesQuery query, CancellationToken cancellationToken)
    {
        var list = new DeviceList();
        var told = 0L;
        var elements = await client.ReadDevicesAsync(
            query,
            device =>
            {
                told++;
                list.Add(device);
            },
            cancellationToken).ConfigureAwait(false);
        list.Sort();
        return elements > 0 && told == 0 ? null : list;
    }

    private sealed record Kept(DeviceList Devices, long Days, DateTimeOffset ReadAt);
}
