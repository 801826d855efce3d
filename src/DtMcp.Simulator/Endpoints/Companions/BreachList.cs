using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary>What endpoints ask of the model breaches.</summary>
internal static class BreachList
{
    public static ModelBreach? Find(RecordSet records, long pbid) => records.Breaches.FirstOrDefault(breach => breach.Pbid == pbid);

    /// <summary>The device that breached; null when the record set has none at its address.</summary>
    public static Device? DeviceOf(RecordSet records, ModelBreach breach) =>
        records.AddressIndex.TryGetValue(breach.Device, out var index) ? records.Devices.At(index) : null;

    public static long? DidOf(RecordSet records, ModelBreach breach) => DeviceOf(records, breach)?.Did;
}
