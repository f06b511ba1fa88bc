import QtQuick
import Alveole

// A list of anything: places, events, notices, steps, counts.
Page {
    id: screen

    RowList {
        anchors.fill: parent
        vm: screen.vm
    }
}
