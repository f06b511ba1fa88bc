import QtQuick
import Alveole

// A QR code as large as fits, whole pixels for each module, on its own white card.
Item {
    id: qr

    property string code: ""
    property string text: ""
    property int side: Theme.px(600)

    implicitWidth: card.width
    implicitHeight: card.height
    visible: code !== ""
    Accessible.role: Accessible.Graphic
    Accessible.name: text

    Rectangle {
        id: card

        anchors.centerIn: parent
        width: qr.side
        height: qr.side
        radius: Theme.radius
        color: "#ffffff"
        border.width: 3
        border.color: Theme.contrast ? "#ffd400" : Theme.line

        Image {
            anchors.fill: parent
            anchors.margins: Theme.px(12)
            fillMode: Image.Pad
            cache: false
            smooth: false
            source: qr.code === "" ? "" : "image://qr/" + qr.code
            sourceSize: Qt.size(width, width)
            Accessible.ignored: true
        }
    }
}
