using System.Globalization;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Scenarios;

// A model breach for each planted incident, raised while it goes on or shortly after.
internal static class Breaches
{
    public static IReadOnlyList<ModelBreach> Of(PlantedIncidents planted, OfficeDays days)
    {
        var number = 0;
        ModelBreach Breach(Incident incident, string model, double score, string description, string[] techniques, bool hasPeer = true,
            string? acknowledgedBy = null)
        {
            number++;
            var delay = Math.Max((incident.LastMs - incident.FirstMs) / 3, 20_000);
            return new ModelBreach
            {
                Pbid = 41_000 + number,
                Pid = 500 + number,
                Uuid = string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{500 + number:d12}"),
                ModelName = model,
                Category = score >= 0.8 ? "Critical" : "Suspicious",
                Description = description,
                Score = score,
                TimeMs = Math.Min(incident.FirstMs + delay, days.EndMs - 1),
                Device = incident.Device,
                Peer = hasPeer ? incident.Peer : null,
                Port = incident.Port,
                MitreTechniques = techniques,
                AcknowledgedBy = acknowledgedBy,
            };
        }

        ModelBreach[] breaches =
        [
            Breach(planted.Beacon, "Compromise::Beaconing Activity To External Rare", 0.78,
                "A device has been making regular connections to a rare external host.", ["T1071.001"]),
            Breach(planted.Upload, "Anomalous Connection::Data Sent to Rare Domain", 0.91,
                "A device has sent an unusual volume of data to a rare external host.", ["T1048", "T1567"]),
            Breach(planted.Scan, "Device::Network Scan", 0.72, "A device has attempted an unusual number of failed internal connections.",
                ["T1046"], hasPeer: false),
            Breach(planted.RemoteDesktop, "Anomalous Connection::Outbound RDP to Rare External Host", 0.66,
                "A device has made an outbound remote desktop connection to a rare external host.", ["T1021.001"]),
            Breach(planted.FileSharing, "Compliance::External SMB", 0.58,
                "A device has made an outbound SMB connection to a rare external host.", ["T1021.002"], acknowledgedBy: "night.shift"),
            Breach(planted.NewDevice, "Device::New Device With Rare External Connections", 0.47,
                "A device that was not seen before is connecting to a rare external host.", ["T1200"]),
        ];
        return [.. breaches.OrderBy(breach => breach.TimeMs)];
    }
}
