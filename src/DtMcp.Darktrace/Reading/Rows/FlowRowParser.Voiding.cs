using DtMcp.Darktrace.Flows;

namespace DtMcp.Darktrace.Reading.Rows;

/// <summary>What a key that comes again takes back.</summary>
internal sealed partial class FlowRowParser
{
    // What an earlier value of the same key said no longer holds. A list is emptied when it opens, not by its elements.
    private void Void(FlowField field)
    {
        switch (field)
        {
            case FlowField.Other:
                break;
            case FlowField.Bytes:
                Row.Bytes = 0;
                Row.Filled &= ~FlowFields.Bytes;
                break;
            case FlowField.Packets:
                Row.Packets = 0;
                Row.Filled &= ~FlowFields.Packets;
                break;
            case FlowField.Duration:
                Row.Duration = FlowChunk.Unknown;
                Row.Filled &= ~FlowFields.Duration;
                break;
            case FlowField.Start:
                Row.Start = FlowChunk.UnknownStart;
                Row.Filled &= ~FlowFields.Start;
                break;
            case FlowField.End:
                Row.End = FlowChunk.UnknownStart;
                break;
            case FlowField.SourcePort:
                Row.SourcePort = 0;
                Row.Filled &= ~FlowFields.SourcePort;
                break;
            case FlowField.DestinationPort:
                Row.DestinationPort = 0;
                Row.Filled &= ~FlowFields.DestinationPort;
                break;
            case FlowField.Protocol:
                Row.Protocol = default;
                Row.Filled &= ~FlowFields.Protocol;
                break;
            case FlowField.ApplicationProtocol:
                Row.ApplicationProtocol = default;
                Row.Filled &= ~FlowFields.ApplicationProtocol;
                break;
            case FlowField.Direction:
                Row.Traits &= ~(FlowTraits.MarkedInternal | FlowTraits.MarkedExternal);
                Row.Filled &= ~FlowFields.Direction;
                break;
            case FlowField.Flag:
                Row.Traits &= ~(FlowTraits.Failed | FlowTraits.Established);
                Row.Filled &= ~FlowFields.State;
                break;
            default:
                VoidDevice(field < FlowField.Destination ? Row.Source : Row.Destination, Inside(field));
                break;
        }
    }

    private static void VoidDevice(DeviceEntry device, DeviceField field)
    {
        switch (field)
        {
            case DeviceField.Self:
                device.Clear();
                break;
            case DeviceField.Did:
                device.Did = HostTable.NoDid;
                break;
            case DeviceField.Ip:
                device.Ip = default;
                break;
            case DeviceField.MoreIp:
                device.MoreIp = default;
                break;
            default:
                device.Forget(field);
                break;
        }
    }
}
