using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Scenarios;

/// <summary>The made-up office: the same for the same seed and end.</summary>
internal static class OfficeScenario
{
    /// <param name="seed">Seed of everything random.</param>
    /// <param name="end">The end of the records.</param>
    /// <param name="days">Days before the end.</param>
    /// <param name="connections">Number of connections; 0 for the natural size. A number too small for the incidents and one day's round of
    /// the devices gives more.</param>
    /// <param name="devices">About how many devices; 0 for as many as the connections make.</param>
    public static RecordSet Build(int seed, DateTimeOffset end, int days, long connections, int devices = 0) =>
        Plant(seed, end, days, connections, devices).Records;

    /// <summary>The records, and what was planted in them.</summary>
    public static (RecordSet Records, PlantedIncidents Planted) Plant(
        int seed, DateTimeOffset end, int days, long connections, int devices = 0)
    {
        var random = new SplitMix((ulong)seed);
        var time = new OfficeDays(end.ToUnixTimeMilliseconds(), days);
        var size = OfficeSize.Of(connections, devices, time.Count, random.Fork(1));
        var builder = new RecordSetBuilder(size.Connections);
        var plan = new OfficePlan(builder, size, random.Fork(2));
        var recordBuilder = new RecordBuilder(builder, time, random.Fork(3));
        var routine = new Routine(plan, recordBuilder, random.Fork(4));
        var incidents = new Incidents(plan, recordBuilder, random.Fork(5));
        for (var day = 0; day < time.Count; day++)
        {
            routine.Live(day);
        }

        var (beacon, scan) = (incidents.PlantBeacon(), incidents.PlantScan());
        var (desktop, sharing, stranger) = (incidents.PlantRemoteDesktop(), incidents.PlantFileSharing(), incidents.PlantNewDevice());
        routine.FillUp(size.Connections - incidents.UploadConnections);
        var planted = new PlantedIncidents
        {
            Beacon = beacon,
            Upload = incidents.PlantUpload(),
            Scan = scan,
            RemoteDesktop = desktop,
            FileSharing = sharing,
            NewDevice = stranger,
        };
        return (builder.Build(plan.Facts(Breaches.Of(planted, time)), AddressRules.Default), planted);
    }
}
